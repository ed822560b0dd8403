/** Name and version under which core asks for its tracer, meter and logger; the version is the package's, held to it by a test. */
export const SCOPE_NAME = '@redress/core';
export const SCOPE_VERSION = '0.2.0';
