/** The metric type of system metrics. */
export const SYSTEM_TYPE = "system";
