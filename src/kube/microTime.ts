/** A moment (ms since 1970) as Kubernetes' MicroTime. */
export function microTime(moment: number): string {
  return new Date(moment).toISOString().replace('Z', '000Z');
}
