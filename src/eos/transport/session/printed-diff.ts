/** A diff as a switch prints it: no difference prints nothing, a blank line, or the two header lines alone (docs/eos.md 3.1). */
export function printedDiff(diff: string): string {
  const body = diff.split('\n').filter((line) => !line.startsWith('--- ') && !line.startsWith('+++ '))
  return body.every((line) => line.trim() === '') ? '' : diff
}
