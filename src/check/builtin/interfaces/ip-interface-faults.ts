/** What an IP interface that is not up and connected is said to be: the line protocol first, as ANTA says it. */
export function ipInterfaceFaults(
  subject: string,
  told: { readonly lineProtocolStatus?: string | undefined; readonly interfaceStatus?: string | undefined },
): readonly string[] {
  const facts = [
    ['line protocol', 'up', told.lineProtocolStatus],
    ['interface', 'connected', told.interfaceStatus],
  ] as const
  return facts.flatMap(([what, expected, actual = 'not told']) =>
    actual === expected ? [] : [`${subject} - Invalid ${what} status - Expected: ${expected} Actual: ${actual}`],
  )
}
