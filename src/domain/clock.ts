/** Time as an argument: milliseconds since 1970, so that every decision can be tested at a chosen moment. */
export type Clock = () => number;
