import { chosenDevices } from '../../app/chosen-devices.ts'
import { InputError } from '../../app/input-error.ts'
import { type Decided, decidedFor } from '../../app/policy/authority.ts'
import type { Project } from '../../app/project.ts'
import { type Scope, scopes } from '../../model/principal.ts'
import { problemOf } from '../../model/problem.ts'
import { explain, type RuleAccount } from '../../policy/explain.ts'
import type { PolicyRequest } from '../../policy/rule-match.ts'
import { memberName } from '../../policy/subject.ts'
import { colored, plain, type Style } from '../../report/style.ts'
import { visibleLine } from '../../report/visible.ts'
import { parseDuration } from '../../source/duration.ts'
import { didYouMean } from '../../source/suggest.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'
import { obligationLines, verdictWord } from '../policy/decision-text.ts'
import { givenPrincipal } from '../policy/given-principal.ts'
import { localUserNote } from '../policy/local-user-warnings.ts'

/** One switch, or none, with what was decided about it and what every rule had to say. */
interface Explained {
  readonly device: string | null
  readonly decision: Decided
  readonly accounts: readonly RuleAccount[]
}

/** Explains what the policy decides about an action: for whom, on which switches, when, and why. Nothing is contacted. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  return withApp(invocation, async (context) => {
    const { app } = context
    const request = requestOf(context)
    const names = typeof options.target === 'string' ? request.devices : [undefined]
    const explained = names.map((device): Explained => {
      const { principal, action, at, ...about } = request
      const devices = device === undefined ? [] : [device.name]
      const decision = decidedFor(app, { principal, at }, action, { ...about, devices })
      const policy = app.project.policy()?.policy
      const accounts = policy === undefined ? [] : explain(policy, request, device)
      return { device: device?.name ?? null, decision, accounts }
    })
    if (global.json) io.out(`${JSON.stringify(json(request, explained))}\n`)
    else io.out(`${text(request, explained, noteOf(app.project), io.color ? colored : plain)}\n`)
    return 0
  })
}

function requestOf({ app, caller, invocation }: CommandContext): PolicyRequest {
  const { project } = app
  const { args, options } = invocation
  const { as: who, at: when, lasts, workflow, breakGlass } = options
  const at = typeof when === 'string' ? timeFrom(when) : app.clock.now()
  const chosen = typeof options.target === 'string' ? chosenDevices(project.inventory(), options.target) : []
  return {
    principal: typeof who === 'string' ? givenPrincipal(who, at) : caller.principal,
    action: actionFrom(args[0] ?? ''),
    devices: chosen.map(({ name, tags }) => ({ name, tags })),
    at,
    ...(typeof lasts === 'string' ? { lasts: lengthFrom(lasts) } : {}),
    ...(typeof workflow === 'string' ? { workflow: project.pathOf(workflow) } : {}),
    ...(typeof breakGlass === 'string' ? { breakGlass: { reason: breakGlass, since: at } } : {}),
  }
}

function actionFrom(word: string): Scope {
  const found = scopes.find((scope) => scope === word)
  if (found !== undefined) return found
  throw badUsage('unknown-action', `there is no action \`${word}\``, 'action', didYouMean(word, scopes))
}

function timeFrom(word: string): number {
  const at = /^\d{4}-\d\d-\d\dT/.test(word) ? Date.parse(word) : Number.NaN
  if (!Number.isNaN(at)) return at
  throw badUsage('bad-time', `\`${word}\` is not a time`, '--at', 'Write for example --at 2026-01-05T23:00:00+01:00.')
}

function lengthFrom(word: string): number {
  const seconds = parseDuration(word)
  if (seconds !== undefined) return seconds * 1000
  throw badUsage('bad-duration', `\`${word}\` is not a duration`, '--lasts', 'Write for example --lasts 15m.')
}

function badUsage(code: string, message: string, file: string, hint: string): InputError {
  return new InputError([problemOf(file, code, message, hint)])
}

function json({ principal, action, at }: PolicyRequest, explained: readonly Explained[]): object {
  return {
    version: 1,
    kind: 'policy-explanation',
    principal,
    action,
    at: new Date(at).toISOString(),
    policy: explained[0]?.decision.policy ?? null,
    decisions: explained.map(({ device, decision, accounts }) => {
      const { policy: _policy, ...made } = decision
      return { device, ...made, considered: accounts }
    }),
  }
}

/** What has to be known of the policy besides, a line each. */
function noteOf(project: Project): readonly string[] {
  const loaded = project.policy()
  const note = loaded === undefined ? undefined : localUserNote(loaded.policy, project)
  return note === undefined ? [] : [note]
}

function text(
  { principal, action, at }: PolicyRequest,
  explained: readonly Explained[],
  notes: readonly string[],
  style: Style,
): string {
  const who = visibleLine(principal.display ?? memberName(principal))
  const blocks = explained.map(({ device, decision, accounts }) => {
    const word = verdictWord(decision)
    const where = device === null ? '' : ` on ${device}`
    const head = `${who}, ${action}${where}: ${word}`
    return [
      word === 'allowed' ? style.good(`✔ ${head}`) : style.bad(`✖ ${head}`),
      `    ${visibleLine(decision.reason)}`,
      ...obligationLines(decision).map((line) => `    ${line}`),
      ...accounts.map(({ rule, comes, why }) => `    ${rule} ${comes.replaceAll('-', ' ')}: ${visibleLine(why)}`),
    ].join('\n')
  })
  const policy = explained[0]?.decision.policy ?? 'none (local mode)'
  const allowed = explained.filter(({ decision }) => decision.effect === 'allow').length
  return [
    ...blocks,
    ...notes,
    `Explained: ${allowed} of ${explained.length} allowed at ${new Date(at).toISOString()} · policy: ${policy}`,
    `Next: eosflow policy ${explained[0]?.decision.policy === null ? 'test' : `explain ${action} --as kind:agent`}`,
  ].join('\n')
}
