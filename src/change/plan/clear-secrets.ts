import { cleartextSecrets } from '../../eos/config/secrets/secrets-in-change.ts'
import { type ChangeText, type Warning, warning } from '../workflow/habit/habits.ts'

/** Lines of a change that hold a secret in clear. */
export function clearSecrets(lines: readonly ChangeText[]): readonly Warning[] {
  return lines
    .filter(({ text }) => !text.includes('{{'))
    .flatMap(({ text, at }) =>
      cleartextSecrets([text])
        .filter(({ kind }) => kind !== 'scrubbed')
        .map(({ line, mend }) =>
          warning('secret-in-clear', `this line holds a secret in clear: ${line.trim()}`, at, mend),
        ),
    )
}
