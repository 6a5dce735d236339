import type { Problem, ValueOrProblems } from '../../model/error.ts'
import { definedMembers, ownMember } from '../../model/json.ts'
import { readLineGlob } from '../../text/source/line-glob.ts'
import {
  acceptUnless,
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  placeOf,
  problemsOf,
  readText,
  textPlaceOf,
  together,
} from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { parseWith, readYaml } from '../../text/source/yaml.ts'
import { aroundCalls, aroundProblems } from './around/fill-around.ts'
import {
  ceilingProblems,
  checkTemplateProblems,
  type KnownCheck,
  type KnownTask,
  pairProblems,
  readChecks,
  unmetProblems,
} from './check-calls.ts'
import { placeIn, type WorkflowStep } from './definition/step.ts'
import type { ChangeSource, CheckCall, Workflow } from './definition/workflow.ts'
import type { CalledKey, WorkflowKey } from './definition/workflow-key.ts'
import {
  afterProblems,
  expectCall,
  expectProblems,
  outlineSchema,
  type WorkflowOutline,
} from './definition/workflow-schema.ts'
import { type DeclaredParam, declarationProblems, readOwn, readParam } from './param/read.ts'
import type { Param } from './param/schema.ts'
import { readForm } from './read-form.ts'
import { DEFAULT_STABLE_FOR, DEFAULT_WITHIN } from './safety/duration.ts'
import { type Form, stepNamed } from './safety/form.ts'
import type { KnownAround } from './schema/around-schema.ts'
import { probeCalls } from './schema/probe-schema.ts'
import { putBackOf, unreadAreas } from './schema/put-back.ts'
import { fitnessOf } from './schema/rollout-schema.ts'
import { type Files, readNamed } from './template/files.ts'
import { templateFileProblems, templateProblems } from './template/render.ts'
import { timerProblem } from './timers.ts'

type ChangeOutline = WorkflowOutline['change']

const SEEN = ['device', 'fabric']

function changeOf(change: ChangeOutline, located: LocatedValue): Workflow['change'] {
  const { mode, vars, keep } = change
  return {
    mode,
    source: changeSourceOf(change, located),
    ...definedMembers({ vars, keep }),
  }
}

function changeSourceOf(change: ChangeOutline, located: LocatedValue): ChangeSource {
  const at = (member: string) => textPlaceOf(located, ['change', member])
  if (change.template !== undefined) return { from: 'template', path: change.template, at: at('template') }
  if (change.file !== undefined) return { from: 'file', path: change.file, at: at('file') }
  const lines = (change.lines ?? []).map((text, index) => ({
    text,
    at: textPlaceOf(located, ['change', 'lines', index]),
  }))
  return { from: 'lines', lines }
}

function changeProblems(
  change: ChangeOutline,
  located: LocatedValue,
  workflowFile: string,
  files: Files,
  params: readonly string[],
) {
  const given = (['template', 'lines', 'file'] as const).filter((member) => change[member] !== undefined)
  if (given.length !== 1) return [notOneSource(given, located)]
  if (change.mode === 'replace' && change.lines !== undefined) {
    const hint = 'use `file:` or `template:` with the whole configuration, or `mode: merge`'
    return [
      {
        code: 'replace-with-lines',
        message: '`mode: replace` needs a whole configuration, not lines',
        at: keyPlaceOf(located, ['change', 'lines']),
        hint,
      },
    ]
  }
  const kept = keepProblems(change, located)
  if (kept.length > 0) return kept
  const source = changeSourceOf(change, located)
  // The variables of hosts are known when a switch is: rendering says which are missing.
  const known = change.vars === undefined ? [...params, ...SEEN, 'rotated'] : undefined
  if (source.from === 'lines') return source.lines.flatMap(({ text, at }) => templateProblems(text, at, known))
  if (source.from === 'file') return templateProblems(source.path, source.at, known)
  const read = readNamed(source.path, source.at, workflowFile, files)
  if (!read.ok) return read.problems
  return templateFileProblems(read.value, known, files)
}

function keepProblems({ mode, keep = [] }: ChangeOutline, located: LocatedValue): readonly Problem[] {
  if (mode !== 'replace' && keep.length > 0) {
    const message = '`keep` is for `mode: replace`: a merge takes away what its own lines say'
    return [{ code: 'keep-in-merge', message, at: keyPlaceOf(located, ['change', 'keep']), hint: 'leave it out' }]
  }
  return keep.flatMap((text, index): Problem[] => {
    const read = readLineGlob(text)
    if (!('message' in read)) return []
    const place = textPlaceOf(located, ['change', 'keep', index])
    const at = { ...place, column: place.column + read.at }
    return [{ code: 'bad-keep', message: read.message, at, hint: read.hint }]
  })
}

function notOneSource(given: readonly string[], located: LocatedValue): Problem {
  const message =
    given.length === 0 ? '`change` does not say what changes' : `\`change\` has ${given.join(' and ')} at once`
  const hint = 'give exactly one of `template`, `lines` and `file`'
  return { code: 'change-source', message, at: keyPlaceOf(located, ['change']), hint }
}

export interface CompileContext {
  readonly files: Files
  readonly checks: readonly KnownCheck[]
  readonly tasks?: readonly KnownTask[]
  readonly policyPresent: boolean
  /** The keys that features bring, and the settings that these refer to. */
  readonly keys?: readonly WorkflowKey[]
  readonly settings?: object
  /** The services that `around` may name; absent where the settings have none. */
  readonly around?: KnownAround
  /** The roles of that policy, where they are known: `from` names no others. */
  readonly roles?: readonly string[]
}

/** `file` is its path from the project's root. Every fault of the file is found at once: its shape, its steps or states and their order, parameters, checks, templates and the arithmetic of the timer. */
export function compileWorkflow(
  content: string | Uint8Array,
  file: string,
  context: CompileContext,
): ValueOrProblems<Workflow> {
  const text = readText(content, file)
  if (!text.ok) return text
  const read = readYaml(text.value, file)
  if (!read.ok) return read
  const located = read.value
  const form = readForm(located, context.tasks ?? [], context.keys ?? [])
  const { steps } = form
  const parts = together({
    outline: parseWith(outlineSchema, located),
    form: acceptUnless([...form.problems, ...approvalProblems(steps, context)], () => form),
    checks: readChecks(checksOf(steps, located), context.checks, stepNamed(steps, 'snapshot')?.input.state ?? []),
  })
  if (!parts.ok) return parts
  const { outline } = parts.value
  const checks = [...parts.value.checks, ...expectedCalls(steps)]
  const around = aroundCalls(outline.around, located, context.around ?? {})
  const names = Object.keys(outline.params)
  const known = [...names, ...SEEN]
  const own = keysRead(steps, known, context)
  const called = own.map(({ key, calls }) => ({ key, calls }))
  const workflow = { ...workflowOf(outline, form, checks, located, { file, text: text.value }), called, around }
  const timer = timerProblem(workflow, [['the fewest there can be']])
  const rules = [
    ...paramProblems(workflow, located),
    ...changeProblems(outline.change, located, file, context.files, names),
    ...checkTemplateProblems(checks, known),
    ...verifyProblems(steps, context),
    ...own.flatMap(({ problems }) => problems),
    ...aroundProblems(outline.around, located, context.around ?? {}, names, known),
    ...siteProblems({ ...workflow, hasAround: outline.around !== undefined }, form, located),
    ...(form.kind === 'steps' ? pairProblems(workflow.rollout, keyPlaceOf(located, ['rollout', 'pairs'])) : []),
    ...unreadAreas(outline.rollback, workflow.state, located),
    ...afterProblems(workflow, located),
    ...ceilingProblems(workflow.machine, outline.permissions),
    ...(timer === undefined ? [] : [timer]),
  ]
  return acceptUnless(rules, () => workflow)
}

function keysRead(
  steps: readonly WorkflowStep[],
  names: readonly string[],
  { keys = [], settings = {} }: CompileContext,
): readonly (CalledKey & { readonly problems: readonly Problem[] })[] {
  return keys.flatMap((key) => {
    const step = steps.find(({ name }) => name === key.in)
    const input: Readonly<Record<string, unknown>> = typeof step?.input === 'object' ? { ...step.input } : {}
    const value = input[key.name]
    if (step === undefined || value === undefined) return []
    const setting = key.setting === undefined ? undefined : ownMember(settings as Record<string, unknown>, key.setting)
    return [{ key, ...key.read(value, { located: step.located, input, setting, names }) }]
  })
}

function workflowOf(
  outline: WorkflowOutline,
  { kind, steps, machine, concurrency, armed }: Form,
  checks: readonly CheckCall[],
  located: LocatedValue,
  { file, text }: { file: string; text: string },
): Omit<Workflow, 'around' | 'called'> {
  const push = stepNamed(steps, 'push')
  const approve = stepNamed(steps, 'approve')
  const verify = stepNamed(steps, 'verify')
  const { keepApart, canary, sites, fitness, ...rollout } = outline.rollout
  return {
    name: outline.name,
    file,
    text,
    ...definedMembers({ description: outline.description }),
    params: placedParams(outline.params, located),
    targets: { expression: outline.targets, at: textPlaceOf(located, ['targets']) },
    change: changeOf(outline.change, located),
    rollout: {
      ...rollout,
      waves: rollout.waves as Workflow['rollout']['waves'],
      maxFailures: rollout.maxFailures as Workflow['rollout']['maxFailures'],
      concurrency,
      ...definedMembers({
        keepApart,
        canary: canary && canaryOf(canary, located),
        sites,
        fitness: fitness && fitnessOf(fitness),
      }),
    },
    state: stepNamed(steps, 'snapshot')?.input.state ?? [],
    watchesNeighbors: watchesNeighbors(steps),
    approve: approve === undefined ? null : { ...approve.input, from: approve.input.from ?? [] },
    checks,
    probes: probeCalls(outline.probe, located),
    timers: timersOf(steps, armed),
    ...(keepApart === undefined ? {} : { keepApartAt: textPlaceOf(located, ['rollout', 'keepApart']) }),
    timerAt: push === undefined ? placeOf(located) : placeIn(push, 'confirmWithin'),
    withinAt: verify === undefined ? placeOf(located) : placeIn(verify, 'within'),
    onFailure: outline.onFailure,
    allow: outline.allow,
    ...definedMembers({ checkpoints: outline.checkpoints, after: outline.after }),
    form: kind,
    machine: {
      ...machine,
      ...definedMembers({ timeoutSeconds: outline.timeout }),
      ...putBackOf(outline.rollback, stepNamed(steps, 'snapshot')?.input.state ?? []),
    },
  }
}

function timersOf(steps: readonly WorkflowStep[], armed: Form['armed']): Workflow['timers'] {
  const verify = stepNamed(steps, 'verify')?.input
  return {
    confirmWithin: stepNamed(steps, 'push')?.input.confirmWithin ?? 0,
    verifyWithin: verify === undefined ? 0 : (verify.within ?? DEFAULT_WITHIN),
    stableFor: verify === undefined ? 0 : (verify.stableFor ?? DEFAULT_STABLE_FOR),
    every: verify?.every ?? 0,
    perRound: armed.perRound,
    perWave: armed.perWave,
    soak: armed.constant,
    derived: {
      within: verify !== undefined && verify.within === undefined,
      stableFor: verify !== undefined && verify.stableFor === undefined,
    },
  }
}

function canaryOf(
  { switches, soak }: NonNullable<WorkflowOutline['rollout']['canary']>,
  located: LocatedValue,
): NonNullable<Workflow['rollout']['canary']> {
  const at = textPlaceOf(located, ['rollout', 'canary', 'switches'])
  return { switches, at, ...definedMembers({ soak }) }
}

function checksOf(steps: readonly WorkflowStep[], located: LocatedValue) {
  const verify = stepNamed(steps, 'verify')
  return (verify && locatedAt(verify.located, ['checks'])) ?? { ...located, value: [] }
}

function placedParams(params: Readonly<Record<string, Param>>, located: LocatedValue): Workflow['params'] {
  const entries = Object.entries(params).map(([name, param]) => {
    const at = keyPlaceOf(located, ['params', name])
    const own = (['default', 'example'] as const).flatMap((key) => {
      const found = locatedAt(located, ['params', name, key])
      return found === undefined ? [] : [[key, found] as const]
    })
    const written: DeclaredParam['written'] = Object.fromEntries(own)
    return [name, { ...param, at, written }] as const
  })
  return Object.fromEntries(entries)
}

function paramProblems({ params }: Workflow, located: LocatedValue) {
  return Object.entries(params).flatMap(([name, param]) => {
    const declared = declarationProblems(name, param, locatedAt(located, ['params', name]) ?? located)
    if (declared.length > 0) return declared
    return [
      ...(param.default === undefined ? [] : problemsOf(readParam(name, param, undefined))),
      ...exampleProblems(name, param),
    ]
  })
}

function exampleProblems(name: string, param: Workflow['params'][string]): readonly Problem[] {
  if (param.example === undefined) return []
  return problemsOf(readOwn(name, param, 'example')).map((problem) => ({
    ...problem,
    message: `${problem.message} (its \`example\`)`,
  }))
}

// Approval demands are never weakened: what only a policy can keep is refused without one (docs/policy.md#approvals).
function approvalProblems(steps: readonly WorkflowStep[], { policyPresent, roles }: CompileContext): Problem[] {
  const approve = stepNamed(steps, 'approve')
  if (approve === undefined) return []
  if (policyPresent) return roles === undefined ? [] : unknownRoles(approve, roles)
  const { from, count, notRequester } = approve.input
  const demanded = { from: from !== undefined, count: count > 1, notRequester }
  const demands = Object.entries(demanded).flatMap(([name, isDemanded]) => (isDemanded ? [name] : []))
  return demands.map((demand) => ({
    code: 'approval-without-policy',
    message: `\`${demand}\` demands what only a policy can keep, and the project has no policy.yaml`,
    at: placeIn(approve, demand, 'key'),
    hint: 'add policy.yaml with the groups, or write a plain `approve`',
  }))
}

function unknownRoles(
  { input, located }: Extract<WorkflowStep, { readonly name: 'approve' }>,
  roles: readonly string[],
): Problem[] {
  return (input.from ?? []).flatMap((role, index) => {
    if (roles.includes(role)) return []
    const at = textPlaceOf(located, [`from`, index])
    return [{ code: 'unknown-role', message: `the policy has no role \`${role}\``, at, hint: didYouMean(role, roles) }]
  })
}

function siteProblems(
  {
    rollout,
    watchesNeighbors,
    probes,
    hasAround,
  }: Pick<Workflow, 'rollout' | 'watchesNeighbors' | 'probes'> & {
    readonly hasAround: boolean
  },
  { kind, steps }: Pick<Form, 'kind' | 'steps'>,
  file: LocatedValue,
): readonly Problem[] {
  if (rollout.sites === undefined) return []
  const lacks = (['approve', 'confirm'] as const).filter((name) => stepNamed(steps, name) === undefined)
  const unmet: readonly (string | false)[] = [
    kind === 'states' && 'the machine of each site is made of `steps`, and this workflow writes its own `states`',
    kind === 'steps' &&
      lacks.length > 0 &&
      `the sites are approved and confirmed together: there is no step ${lacks.map((name) => `\`${name}\``).join(' and ')}`,
    rollout.atomic !== 'change' &&
      `all sites are confirmed together, and \`atomic: ${rollout.atomic}\` confirms less than all`,
    rollout.maxFailures !== 0 && 'all sites are confirmed together, and `maxFailures` leaves switches out',
    rollout.canary !== undefined && 'the sites are changed side by side, so none of them goes first as `canary` says',
    watchesNeighbors && 'a worker reaches the switches of one site, so neighbours are not watched',
    hasAround && 'each site has another execution, so nothing is around all of them as `around` says',
    probes.length > 0 && 'a worker reaches the switches of one site, so `probe` cannot be asked for all of them',
  ]
  const at = keyPlaceOf(file, ['rollout', 'sites'])
  return unmetProblems(unmet, 'sites-together', at, 'delete `sites: together`, or change the workflow')
}

type Verify = Extract<WorkflowStep, { readonly name: 'verify' }>

function verifyProblems(steps: readonly WorkflowStep[], { keys = [] }: CompileContext) {
  const verify = stepNamed(steps, 'verify')
  const about =
    verify === undefined ? [] : [...timeProblems(verify), ...subjectProblems(verify, areasRead(steps), keys)]
  return [...about, ...neighborProblems(steps)]
}

function expectedCalls(steps: readonly WorkflowStep[]) {
  const verify = stepNamed(steps, 'verify')
  const expect = verify?.input.expect
  return verify === undefined || expect === undefined ? [] : [expectCall(expect, expectIn(verify), areasRead(steps))]
}

function watchesNeighbors(steps: readonly WorkflowStep[]) {
  const { neighbors, state = [] } = stepNamed(steps, 'snapshot')?.input ?? {}
  const expects = stepNamed(steps, 'verify')?.input.expect !== undefined
  return state.includes('lldp') && (neighbors === undefined ? expects : neighbors > 0)
}

function timeProblems(verify: Verify): readonly Problem[] {
  const { within = DEFAULT_WITHIN, stableFor = DEFAULT_STABLE_FOR } = verify.input
  if (stableFor <= within) return []
  return [
    {
      code: 'verify-never-ends',
      message: '`stableFor` is longer than `within`: the checks could never have been good for so long',
      at: placeIn(verify, 'stableFor'),
      hint: 'make `within` longer than `stableFor`',
    },
  ]
}

function subjectProblems(verify: Verify, read: readonly string[], keys: readonly WorkflowKey[]) {
  const { checks, expect } = verify.input
  if (expect !== undefined) return expectProblems(expect, expectIn(verify), read)
  const isJudged = keys.some((key) => key.judges && key.in === 'verify' && Object.hasOwn(verify.input, key.name))
  if (checks !== undefined || isJudged) return []
  const hint = 'add `checks: [reachable]`, or `expect: { everythingElse: unchanged }`'
  return [{ code: 'missing-key', message: '`verify` has neither `checks` nor `expect`', at: verify.at, hint }]
}

function neighborProblems(steps: readonly WorkflowStep[]): readonly Problem[] {
  const snapshot = stepNamed(steps, 'snapshot')
  const { neighbors = 0, state = [] } = snapshot?.input ?? {}
  if (snapshot === undefined || neighbors === 0 || state.includes('lldp')) return []
  const hint = `add it: \`state: [${[...state, 'lldp'].join(', ')}]\``
  const message = '`neighbors` are found by the state area `lldp`, which the snapshot does not read'
  return [{ code: 'neighbors-need-lldp', message, at: placeIn(snapshot, 'neighbors', 'key'), hint }]
}

function areasRead(steps: readonly WorkflowStep[]): readonly string[] {
  return stepNamed(steps, 'snapshot')?.input.state ?? []
}

function expectIn({ located }: Verify) {
  return locatedAt(located, ['expect']) ?? located
}
