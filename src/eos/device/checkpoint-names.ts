/** The names in the list: the first word of each row under `Filename Date User` and its rule (recorded on 4.25). */
export function checkpointNames(text: string): readonly string[] {
  const rows = text.split('\n').map((line) => line.trim())
  const rule = rows.findIndex((row) => /^-+(?:\s+-+)*$/.test(row))
  return rows.slice(rule + 1).flatMap((row) => {
    const [name = ''] = row.split(/\s+/)
    return rule < 0 || name === '' ? [] : [name]
  })
}
