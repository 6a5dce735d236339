import { definedMembers } from '../../../model/json.ts'
import { type AddedSigner, addSigner } from '../../../project/authoring/policy/init-policy.ts'
import { openProject } from '../../../project/files/project.ts'
import { callerOf } from '../../../project/identity/caller-of.ts'
import { failedTests } from '../../../report/policy/explanation.ts'
import { count } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

/** Has a project trust a person's SSH key, and prints what the policy's tests say with it. */
export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const project = openProject(io, global)
  const { principal } = await callerOf(project, io)
  const [name = '', file = ''] = args
  const added = addSigner(io, project, principal, { name, file, login: text(options.login) })
  if (added.warning !== undefined) io.err(`! ${added.warning}\n`)
  const { policy, ...rest } = added
  const tests =
    policy === undefined ? undefined : { passed: policy.results.length, failed: failedTests(policy.results) }
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, ...rest, ...definedMembers({ tests }) })}\n`
      : `${lines(added).join('\n')}\n`,
  )
  return 0
}

function lines({ name, fingerprint, logins, wasThere, people, unknown, policy }: AddedSigner) {
  const asks = logins.length === 0 ? '' : ` and asks as ${logins.join(', ')}`
  const first = `${wasThere ? '=' : '+'} trust/allowed_signers: ${name} approves by ${fingerprint}${asks}`
  const tested =
    policy === undefined ? 'no policy yet' : `${policy.file}: ${count(policy.results.length, 'test')}, 0 failed`
  const strangers = unknown.map(
    (one) =>
      `! ${one} cannot ask for a change yet. On the machine of ${one}: eosflow trust add ${one} KEY.pub --login me`,
  )
  return [first, tested, ...strangers, `Next: ${nextOf(people, policy !== undefined)}`]
}

function nextOf(people: readonly string[], hasPolicy: boolean): string {
  if (!hasPolicy) return 'eosflow policy init --two-person'
  return people.length < 2 ? 'the other person: eosflow trust add NAME KEY.pub' : 'eosflow plan WORKFLOW -o FILE.plan'
}
