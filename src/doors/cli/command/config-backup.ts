import { resolve } from 'node:path'
import { backUp } from '../../../features/backup/back-up.ts'
import { problemOf } from '../../../model/error.ts'
import { isAgeRecipient } from '../../../project/secret/age.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { BACKUP_FORMS, type BackedUpSwitch, backupAs } from '../../../report/backup/formats.ts'
import { styleOf } from '../../../report/text/text.ts'
import { text, texts } from '../option/options.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { endOfEach } from '../outcome/repeat.ts'
import { judgedCommand } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Reads only; exit code 10 where a switch does not answer or a push is rejected. */
export const run = judgedCommand(
  secretsOf,
  async ({ app, caller, io, args: [folder = ''], options, global, invocation }, secrets) => {
    const backup = await backUp(app, caller, {
      folder: resolve(io.cwd, folder),
      target: text(options.target),
      after: text(options.afterChange),
      ...secrets,
      commit: options.commit === true || options.push === true,
      push: options.push === true,
    })
    io.out(global.json ? `${backupAs.json(backup)}\n` : `${backupAs.text({ ...backup, folder }, styleOf(io))}\n`)
    const code = endOfEach(invocation, backup.switches, { nameOf: ({ name }) => name, codeOf: exitCodeOf })
    return gravest([code, typeof backup.push === 'object' ? 10 : 0])
  },
)

function exitCodeOf(one: BackedUpSwitch) {
  return one.state === 'failed' ? exitCodeOfThrown(one.failure) : 0
}

function secretsOf({ options }: Invocation) {
  const [secrets, recipients] = [text(options.secrets), texts(options.recipient)]
  const form = BACKUP_FORMS.find((one) => one === (secrets ?? 'redact'))
  const problems = recipients
    .filter((one) => !isAgeRecipient(one))
    .map((one) =>
      problemOf(
        '--recipient',
        'bad-flag',
        `\`${one}\` is no public key of age`,
        'It begins with `age1`; `age-keygen` prints it.',
      ),
    )
  if (form === undefined) {
    problems.push(
      problemOf(
        '--secrets',
        'bad-flag',
        `\`${secrets}\` is none of ${BACKUP_FORMS.join(', ')}`,
        'Leave it away to have secrets taken out.',
      ),
    )
  }
  if (form === 'age' && recipients.length === 0) {
    problems.push(
      problemOf(
        '--secrets',
        'bad-flag',
        'nobody is named to encrypt to',
        'Add --recipient age1…, once for each who may read it.',
      ),
    )
  }
  if (form !== 'age' && recipients.length > 0) {
    problems.push(problemOf('--recipient', 'bad-flag', 'nothing is encrypted without --secrets age'))
  }
  if (problems.length > 0 || form === undefined) throw new InputError(problems)
  return { form, recipients }
}
