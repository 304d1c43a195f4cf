/** Nest token of the process's one structured logger. */
export const loggerToken = Symbol("logger");
