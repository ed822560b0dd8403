/** What stands for everything past a bound. */
export const OTHER = '_other';
