/** OpenTelemetry severity numbers of the four levels redress uses. */
export const LogSeverity = { DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17 } as const;

/** Name of a severity. */
export type LogSeverity = keyof typeof LogSeverity;
