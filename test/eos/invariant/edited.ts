/**
 * A configuration with lines added and taken away: `+ A > B` adds `B` at the end of the block `A`, which is made where it is not there; `- A > B` takes
 * `B` away, with what is below it.
 */
export function edited(config: string, edits: readonly string[]) {
  return edits.reduce((text, edit) => applied(text, edit.slice(2).split(' > '), edit.startsWith('+')), config)
}

function applied(text: string, path: readonly string[], isAdded: boolean) {
  const rows = text.split('\n').filter((row) => row !== '')
  let [from, to] = [0, rows.length]
  for (const [depth, line] of path.entries()) {
    const row = `${'   '.repeat(depth)}${line}`
    const at = rows.indexOf(row, from)
    const isThere = at >= 0 && at < to
    if (!isThere && !isAdded) throw new RangeError(`there is no line to take away: ${path.join(' > ')}`)
    if (!isThere) {
      const missing = path.slice(depth).map((one, index) => `${'   '.repeat(depth + index)}${one}`)
      rows.splice(to, 0, ...missing)
      return `${rows.join('\n')}\n`
    }
    const end = rows.findIndex((one, index) => index > at && index < to && !one.startsWith(`${'   '.repeat(depth)} `))
    ;[from, to] = [at + 1, end < 0 ? to : end]
    if (depth === path.length - 1 && !isAdded) rows.splice(at, to - at)
  }
  return `${rows.join('\n')}\n`
}
