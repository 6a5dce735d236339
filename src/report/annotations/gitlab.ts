import { sha256 } from '../../model/digest.ts'
import type { Annotation } from './annotation.ts'

/**
 * Annotations as a Code Quality report of GitLab (GitLab Docs, "Code quality report format"). A fingerprint does not change when lines move: it is of the
 * file, the code and the text, and for the second of several equal ones of its number, too. What is no file is shown at `elsewhere`: the format asks for a path.
 */
export function gitlabReport(annotations: readonly Annotation[], elsewhere: string): string {
  const seen = new Map<string, number>()
  const report = annotations.map(({ severity, code, text, file = elsewhere, line }) => {
    const same = JSON.stringify([file, code, text])
    const number = seen.get(same) ?? 0
    seen.set(same, number + 1)
    return {
      description: text.replaceAll('\n', ' '),
      check_name: code,
      fingerprint: sha256(`${same}${number === 0 ? '' : number}`).slice('sha256:'.length),
      severity: severity === 'error' ? 'major' : 'minor',
      location: { path: file, lines: { begin: line } },
    }
  })
  return `${JSON.stringify(report, null, 2)}\n`
}
