/** What is wrong with a text that the SNMP agent tells of its switch; `what` names it in messages. */
export function differingText(
  what: 'contact' | 'location',
  expected: string,
  actual: string | undefined,
): readonly string[] {
  if (actual === undefined || actual === '') return [`SNMP ${what} is not configured`]
  return actual === expected ? [] : [`Incorrect SNMP ${what} - Expected: ${expected} Actual: ${actual}`]
}
