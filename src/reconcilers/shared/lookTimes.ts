/** When something was last looked at, and for what. Forgotten with its connection, so that a new one looks at once. */
export interface LookTimes {
  /** Whether it is the first look for this subject, or the last is at least `maximumAge` milliseconds ago. */
  isDue(key: string, subject: string, now: number, maximumAge: number): boolean;
  note(key: string, subject: string, now: number): void;
  forget(key: string): void;
}

export function createLookTimes(): LookTimes {
  const looks = new Map<string, { subject: string; time: number }>();
  return {
    isDue(key, subject, now, maximumAge) {
      const last = looks.get(key);
      return last?.subject !== subject || now - last.time >= maximumAge;
    },
    note(key, subject, now) {
      looks.set(key, { subject, time: now });
    },
    forget(key) {
      looks.delete(key);
    },
  };
}
