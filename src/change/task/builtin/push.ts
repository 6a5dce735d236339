import { z } from 'zod'
import { comparableText } from '../../../eos/config/vlan-sets.ts'
import { type Device, type Look, type StageResult, savedState } from '../../../eos/device/device.ts'
import { wasCommitted } from '../../../eos/device/history.ts'
import { locksOn } from '../../../model/arm-terms.ts'
import { EosflowError } from '../../../model/error.ts'
import {
  act,
  checkpointName,
  holdSwitch,
  isTransient,
  type KeptTexts,
  read,
  releaseSwitch,
  sessionName,
} from '../act/act.ts'
import { defineTask, oneDevice, type Probe, type TaskContext } from '../act/context.ts'
import {
  abortOwn,
  observeSwitch,
  openOwn,
  ownAtLast,
  ownSessions,
  requireIdentity,
  requireNotThere,
  requireOnRecord,
} from '../act/observe-switch.ts'
import { awaitNoController, requireNoTimer, TIMER_MARGIN } from '../act/own-timer.ts'
import {
  plannedBeside,
  refusedIn,
  requireAnswers,
  requirePlannedSwitch,
  requireReplay,
  withChanges,
} from '../act/planned-base.ts'
import { type RenderedChange, settledLines, withKeptLines, withoutBootLines } from '../act/rendered-change.ts'

// For how long a switch is still asked after its timer has ended (docs/fault-model.md row 13), and as long again for staging and retries.
const MARGIN = 120_000

/** Order of the protocol (ADR 0004, ADR 0013, ADR 0029): identity, foreign timers and controllers, own leftovers; render again; stage in a new session and save a checkpoint; base and diff judged against the plan; the checkpoint is listed and can be replayed; the approval judged last, since all of that takes time; then the timed commit, which shows whether the base still held when it struck. */
export const push = defineTask({
  name: 'push',
  summary: "Commit the approved change of one switch under the switch's own commit timer.",
  docs: 'Four round trips: look, stage, replay, arm; one more where old checkpoints are deleted. Nothing is sent that the approved digest does not cover; unless it is confirmed in time, the switch puts itself back.',
  scope: 'task.push',
  effect: 'write',
  undo: 'rollback',
  input: z.strictObject({}),
  async run(context) {
    const name = oneDevice(context)
    await context.approval.require()
    const { timerSeconds, requireBase } = await context.change.planned(name)
    await context.before.takeShares(timerSeconds)
    await context.before.requireOtherSides()
    context.before.beginProbes()
    await requireLastingLogin(context, name)
    await context.before.askFeatures()
    await context.before.requireTickets()
    await context.before.beginAround()
    const look = await lookBefore(context, name)
    const change = await context.change.renderAgain(name)
    const { sessions, hasSaved } = context.history(name)
    const session = sessionName(context.execution, sessions + 1)
    const checkpoint = checkpointName(context.execution, hasSaved === true ? sessions + 1 : undefined)
    await stageApproved(context, name, { session, checkpoint, look }, change)
    await stopUnlessWanted(context, name, session)
    const locked = locksOn(context.armTerms, look.identity.eos)
    const armed = await act(
      context,
      name,
      'arm',
      { session, seconds: timerSeconds, locked },
      (device) => device.arm(session, timerSeconds, ...(locked ? (['lock'] as const) : [])),
      async (running) => ({ replaced: await keptConfig(context, name, running) }),
    )
    if (armed.outcome === 'unknown') await requireArmed(context, name)
    else requireBase(armed.result)
    return { session }
  },

  async probe(context): Promise<Probe> {
    const name = oneDevice(context)
    if (!wasCommitted(context.history(name))) {
      const look = await read(context, name, (device) => device.look([]))
      await requireIdentity(context, name, look.identity)
      const own = await ownAtLast(context, name, { own: openOwn(context, name, look), look })
      if (own.some(({ state }) => state === 'armed')) await requireArmed(context, name)
      await requireOnRecord(context, name, look)
      await abortOwn(context, name, own)
      return { do: 'again' }
    }
    await requireArmed(context, name)
    return { do: 'done', output: { session: context.history(name).session ?? '' } }
  },
})

async function stopUnlessWanted(context: TaskContext<unknown>, name: string, session: string) {
  if (!context.signal.aborted) return
  await abortOwn(context, name, [{ name: session, state: 'pending' }])
  await releaseSwitch(context, name)
  throw new EosflowError('cancelled', `${name}: stopped before the commit`, { device: name })
}

async function lookBefore(context: TaskContext<unknown>, name: string) {
  // What a switch took when it was planned, or when the wave before was pushed, it may refuse by now.
  const commands = context.checks.commandsFor(name)
  const look = await read(context, name, (device) => device.look(commands))
  await requirePlannedSwitch(context, name, look.identity)
  await requireOnRecord(context, name, look)
  requireNoTimer(name, look.sessions)
  await requireAnswers(context, await refusedIn(context, name, commands, look))
  const free = await awaitNoController(context, name, look)
  requireNoTimer(name, free.sessions)
  await abortOwn(context, name, ownSessions(context.execution, free))
  if (context.doubt !== undefined) await requireBaseBefore(context, name)
  return free
}

async function requireBaseBefore(context: TaskContext<unknown>, name: string) {
  const { running } = await read(context, name, (device) => device.readConfig())
  await requireNotThere(context, name, running)
  const { requireBase } = await plannedBeside(context, name, running)
  requireBase(running)
}

// What the plan has sent because the switch has it is sent again only if the switch still has it. Throws `stale` or `guard`.
async function sentChange(context: TaskContext<unknown>, name: string, change: RenderedChange) {
  const { requireBase, requireShown, identity } = await context.change.planned(name)
  requireShown(change)
  if (change.unsettled === undefined && change.keep === undefined) return change
  const { running } = await read(context, name, (device) => device.readConfig())
  requireBase(running)
  const device = { name, eos: identity.eos, running }
  return withKeptLines(withoutBootLines(change, settledLines(name, change, running, identity.eos)), device)
}

async function stageApproved(
  context: TaskContext<unknown>,
  name: string,
  { session, checkpoint, look: free }: Record<'session' | 'checkpoint', string> & { readonly look: Look },
  change: RenderedChange,
) {
  const { mode, commands } = await sentChange(context, name, change)
  try {
    await holdSwitch(context, name, free)
    const staged = await act(
      context,
      name,
      'stage',
      { session, checkpoint },
      (device) => device.stage({ session, mode, commands, checkpoint }),
      (result) => keepTexts(context, result),
    )
    if (staged.outcome === 'unknown') {
      throw new EosflowError(
        'lost-answer',
        `${name}: the answer to staging the change was lost; nothing was committed`,
        {
          device: name,
        },
      )
    }
    const { running, candidate, said = [], checkpoints = [] } = staged.result
    const { requireCandidate, requireSaid, requireSaved } = await context.change.planned(name)
    const shown = { device: name, running, candidate }
    requireCandidate(change, shown)
    requireSaid(said)
    requireListed(name, checkpoint, checkpoints)
    await requireReplay(context, name, { eos: free.identity.eos, checkpoint, listed: checkpoints })
    await pruneCheckpoints(context, name, { session, listed: checkpoints })
    const requireApproval = () =>
      context.approval
        .require(shown)
        .catch(async (error: unknown) => Promise.reject(await withChanges(context, name, running, error)))
    await requireApproval()
    // The other one may have taken its time.
    if (await context.before.meetPartner('arm')) await requireApproval()
    requireSaved(staged.result)
    await context.before.requireFreeSide()
  } catch (error) {
    const look = await read(context, name, (device) => device.look([]))
    await abortOwn(context, name, openOwn(context, name, look))
    await releaseSwitch(context, name)
    throw error
  }
}

// What a restore relies on must be there: a switch that keeps no more of them may have dropped it (docs/eos.md 2.3).
function requireListed(name: string, checkpoint: string, listed: readonly string[]) {
  if (listed.includes(checkpoint)) return
  throw new EosflowError('guard', `${name}: checkpoint ${checkpoint} was saved, and the switch does not list it`, {
    device: name,
    hint: `On the switch: show configuration checkpoints. One that keeps no more of them needs a place: delete checkpoint:NAME`,
  })
}

async function keepTexts({ texts }: TaskContext<unknown>, staged: StageResult): Promise<KeptTexts> {
  const { running, candidate, startup } = staged
  const isBase = startup === undefined ? savedState(staged) === 'saved' : isSameText(startup, running)
  const other = startup === undefined || isBase ? undefined : texts.put(startup)
  const [base, target, own] = await Promise.all([texts.put(running), texts.put(candidate), other])
  return { base, target, ...(isBase ? { startup: base } : own === undefined ? {} : { startup: own }) }
}

async function keptConfig({ history, texts }: TaskContext<unknown>, name: string, running: string) {
  const { base } = history(name)
  return base !== undefined && isSameText(await texts.get(base), running) ? base : texts.put(running)
}

function isSameText(a: string, b: string) {
  return a === b || comparableText(a) === comparableText(b)
}

// Only the answer of the commit tells that, and where it was not read a line that somebody typed in between may be gone: an abort brings it
// back, a confirm would not (ADR 0028).
async function requireArmed(context: TaskContext<unknown>, name: string) {
  const { found, secondsLeft } = await standingAfterCommit(context, name)
  const unread = (message: string) => new EosflowError('lost-answer', message, { device: name })
  if (found === 'target') throw unread(`${name}: the change runs, and the switch shows no commit timer of ours`)
  if (secondsLeft === undefined) throw unread(`${name}: the timed commit did not take effect`)
  if (secondsLeft <= TIMER_MARGIN) {
    const message = `${name}: only ${secondsLeft} s are left of the commit timer, too few to verify`
    throw new EosflowError('stale', message, { device: name })
  }
  const { replaced } = context.history(name)
  if (replaced === undefined) {
    throw unread(
      `${name}: the answer to the timed commit was not read: what it has replaced is not known, so it is put back`,
    )
  }
  const { requireBase } = await context.change.planned(name)
  requireBase(await context.texts.get(replaced))
}

async function standingAfterCommit(context: TaskContext<unknown>, name: string) {
  try {
    return await observeSwitch(context, name)
  } catch (error) {
    if (!isTransient(error) || !(error instanceof EosflowError)) throw error
    const message = `${name}: no answer since the timed commit (${error.message}): the change may have cut the way in`
    throw new EosflowError('unreachable', message, { device: name, cause: error })
  }
}

// Throws `guard` when it is known that the user who would confirm the change of a switch, or put it back, cannot log in for as long as that
// may take: a login that ends under the commit timer leaves the switch to its timer alone
// (docs/secrets.md#what-ends-and-what-is-changed-meanwhile).
async function requireLastingLogin(context: Pick<TaskContext, 'change' | 'fleet'>, name: string) {
  const { timerSeconds } = await context.change.planned(name)
  await context.fleet.requireLogin(name, timerSeconds * 1000 + MARGIN)
}

async function pruneCheckpoints(
  context: TaskContext<unknown>,
  name: string,
  { session, listed }: { readonly session: string; readonly listed: readonly string[] },
): Promise<void> {
  const { prunes } = await context.change.planned(name)
  if (!prunes) return
  const checkpoints = await context.checkpoints.spent(name, listed)
  if (checkpoints.length === 0) return
  const send = (device: Device) => device.removeCheckpoints(checkpoints)
  const deleted = await act(context, name, 'prune', { session, checkpoints }, send).catch(passedOver)
  // Nothing is sent behind a request that is lost, or whose answer is, before the switch has answered again.
  if (deleted.outcome === 'unknown') await read(context, name, (device) => device.look([]))
}

// Throws what else went wrong.
function passedOver(error: unknown): { readonly outcome: 'done' | 'unknown' } {
  if (error instanceof EosflowError && error.kind === 'refused') return { outcome: 'done' }
  if (isTransient(error)) return { outcome: 'unknown' }
  throw error
}
