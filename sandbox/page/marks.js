// What the marks of all charts have in common: their colors and their numbers.

const COLORS = 6;

/** The class that gives series *index* its color. */
export const colored = (index) => `series-${index % COLORS}`;

/** A number as people read it. */
export const figured = (value) => value?.toLocaleString("en-US", { maximumFractionDigits: 2 }) ?? "";
