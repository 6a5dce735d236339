import type { PolicyRequest } from '../../../change/policy/decide.ts'
import { givenPrincipal } from '../../../change/policy/given-principal.ts'
import { definedMembers } from '../../../model/json.ts'
import { scopes } from '../../../model/principal.ts'
import type { ActSubject } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import { explainPolicy, gateExplained, policyNotes } from '../../../project/access/policy/explain-policy.ts'
import { planNamed } from '../../../project/history/plans/plan-source.ts'
import { chosenDevices } from '../../../project/switches/inventory/tell-warnings.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { explanationJson, explanationText } from '../../../report/policy/explanation.ts'
import { styleOf } from '../../../report/text/text.ts'
import { parseDuration } from '../../../text/source/duration.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { oneOf } from '../option/options.ts'
import { appCommand, type CommandContext } from '../terminal/compose.ts'

export const run = appCommand(async (context) => {
  const { io, options, global } = context
  const { project } = context.app
  const request = await requestOf(context)
  const perSwitch = typeof options.target === 'string' || typeof options.plan === 'string'
  const explained = explainPolicy(project, request, { perSwitch })
  if (global.json) {
    io.out(`${explanationJson(request, explained, gateExplained(project, request))}\n`)
    return 0
  }
  const text = explanationText(request, explained, policyNotes(project, request), styleOf(io))
  const isLocal = explained[0]?.decision.policy === null
  io.out(`${text}\nNext: eosflow policy ${isLocal ? 'test' : `explain ${request.action} --as kind:agent`}\n`)
  return 0
})

async function requestOf({ app, caller, args, options }: CommandContext): Promise<PolicyRequest> {
  const { as: who, at: when, lasts, workflow, breakGlass, plan } = options
  const at = typeof when === 'string' ? timeFrom(when) : app.clock.now()
  const planned = typeof plan === 'string' ? aboutPlan((await planNamed(app, plan)).plan) : undefined
  const inventory = app.project.inventory()
  const chosen =
    typeof options.target === 'string'
      ? chosenDevices(inventory, options.target)
      : inventory.devices.filter(({ name }) => planned?.devices?.includes(name) === true)
  return {
    ...(planned === undefined ? {} : plannedRequest(planned)),
    principal: typeof who === 'string' ? principalFrom(who, at) : caller.principal,
    action: actionFrom(args[0] ?? ''),
    devices: chosen.map(({ name, tags }) => ({ name, tags })),
    at,
    ...definedMembers({
      lasts: typeof lasts === 'string' ? lengthFrom(lasts) : undefined,
      workflow: typeof workflow === 'string' ? app.project.pathOf(workflow) : undefined,
      breakGlass: typeof breakGlass === 'string' ? { reason: breakGlass, since: at } : undefined,
    }),
  }
}

// What a plan says of a request, as far as nobody says it otherwise.
function plannedRequest({ workflow, lasts, change }: ActSubject): Pick<PolicyRequest, 'workflow' | 'lasts' | 'change'> {
  return {
    ...definedMembers({ workflow, lasts, change }),
  }
}

function principalFrom(word: string, now: number) {
  const found = givenPrincipal(word, now)
  if (found !== undefined) return found
  throw inputError(
    '--as',
    'bad-identity',
    `\`${word}\` describes nobody`,
    'Write for example --as corp:sub:alice,corp:group:netops, or --as kind:agent: one kind and one issuer.',
  )
}

function actionFrom(word: string) {
  if (word === '')
    throw inputError('action', 'no-action', 'which action of the policy?', `the actions are ${scopes.join(', ')}`)
  return oneOf(scopes, word, 'action', 'unknown-action', `there is no action \`${word}\``, didYouMean(word, scopes))
}

function timeFrom(word: string) {
  const at = /^\d{4}-\d\d-\d\dT/.test(word) ? Date.parse(word) : Number.NaN
  if (!Number.isNaN(at)) return at
  throw inputError('--at', 'bad-time', `\`${word}\` is not a time`, 'Write for example --at 2026-01-05T23:00:00+01:00.')
}

function lengthFrom(word: string) {
  const seconds = parseDuration(word)
  if (seconds !== undefined) return seconds * 1000
  throw inputError('--lasts', 'bad-duration', `\`${word}\` is not a duration`, 'Write for example --lasts 15m.')
}
