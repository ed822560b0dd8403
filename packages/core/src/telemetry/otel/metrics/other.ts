/** What stands for everything past a bound. */
export const OTHER = '_other';

/** What helps against too many rows. */
export const REMEDY = "raise maxRows, and the SDK's aggregationCardinalityLimit with it";
