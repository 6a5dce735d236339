/** Whether a record that says what to judge names anything: a check that judges nothing must not pass. */
export function hasEntries(record: object): boolean {
  return Object.keys(record).length > 0
}
