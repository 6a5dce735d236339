/**
 * The time of day of an ISO 8601 time, as every line of progress has it: UTC, said by its `Z`. The record is in UTC, and so are the
 * logs of switches in several places.
 */
export function clockTime(at: string): string {
  return `${new Date(at).toISOString().slice(11, 19)}Z`
}
