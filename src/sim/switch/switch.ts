import { cleanConfig } from '../../config/replace.ts'
import type { ConfigTree } from '../../config/tree.ts'
import type { Clock } from '../../model/clock.ts'
import type { Command } from '../../model/command.ts'
import type { Random } from '../../model/random.ts'
import { DONE, type Refusal, type Reply, refused, said } from '../cli/reply.ts'
import type { SwitchFacts } from '../facts.ts'
import type { ForeignTimer, HandEdit, Reboot } from '../fault/fault.ts'
import { FaultBoard } from '../fault/fault-board.ts'
import type { Behaviour } from './behaviour.ts'
import { CheckpointStore } from './checkpoint-store.ts'
import { type ConfigFrame, readFramed } from './config-frame.ts'
import { booted, ConfigMode, type ConfigModeOptions } from './config-mode.ts'
import type { Actor, CommitTimer, ConfigSession } from './config-session.ts'
import { type Counters, type RequestRecord, zeroCounters } from './counters.ts'
import { layoutLike } from './layout.ts'
import { brokenRules, type LineRule } from './line-refusal.ts'
import { eapiReachable, type ManagementInterface, managementInterfaceOf } from './management-path.ts'
import { hostnameOf, type PrintedBy } from './running-config.ts'
import { type SessionKnobs, sessionKnobs } from './session-knobs.ts'
import { SessionStore } from './session-store.ts'
import type { SwitchOptions } from './switch-options.ts'
import { SYSLOG, Syslog, type SyslogMessage } from './syslog.ts'

const CLI: Actor = { user: 'admin', from: 'console' }
const PRE_COMMIT_COPY = 'file:/tmp/commitTimerCheckPointConfig.txt'

/**
 * One simulated switch: running-config, startup-config, config sessions, the commit timer, checkpoints, the log.
 *
 * Time is asked, never waited for: every access first settles what has become due since the last one (an expired
 * timer, a scheduled fault), each at its own time. So it works the same under a real and a virtual clock.
 */
export class Switch {
  readonly name: string
  readonly facts: SwitchFacts
  readonly options: SwitchOptions
  readonly behaviour: Behaviour
  readonly faults = new FaultBoard()
  readonly counters: Counters = zeroCounters()
  readonly requests: RequestRecord[] = []
  readonly syslog = new Syslog()
  readonly sessions = new SessionStore()
  readonly checkpoints: CheckpointStore
  /** Configuration files on flash, by name without `flash:`. */
  readonly files = new Map<string, ConfigTree>()
  readonly #clock: Clock
  readonly #random: Random
  readonly #frame: ConfigFrame
  readonly #management: ManagementInterface | undefined
  #running: ConfigTree
  #startup: ConfigTree
  #savedAt: number
  #timer: CommitTimer | undefined
  #bootedAt: number
  #version = 0
  readonly #boot: ConfigTree
  #brokenRules: ReadonlySet<LineRule> | undefined

  constructor(options: SwitchOptions, clock: Clock, random: Random) {
    const boot = readFramed(options.config)
    this.name = options.name
    this.facts = options.facts
    this.options = options
    this.behaviour = options.behaviour
    this.checkpoints = new CheckpointStore(options.behaviour.maxCheckpoints)
    this.#clock = clock
    this.#random = random
    this.#frame = boot.frame
    this.#boot = boot.tree
    this.#running = booted(boot.tree, this.configModeOptions)
    this.#startup =
      options.startup === undefined ? this.#running : booted(readFramed(options.startup).tree, this.configModeOptions)
    this.#management = options.managementOutside ? undefined : managementInterfaceOf(this.#running)
    this.#bootedAt = clock.now() - options.uptimeSeconds * 1000
    this.#savedAt = this.#bootedAt
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.#clock.now()
  }

  get bootedAt(): number {
    return this.#bootedAt
  }

  get running(): ConfigTree {
    return this.#running
  }

  get startup(): ConfigTree {
    return this.#startup
  }

  /** Milliseconds since the epoch at which startup-config was last written. */
  get savedAt(): number {
    return this.#savedAt
  }

  get timer(): CommitTimer | undefined {
    return this.#timer
  }

  /** Grows with every change of running-config. */
  get version(): number {
    return this.#version
  }

  get hostname(): string {
    return hostnameOf(this.#running)
  }

  get knobs(): SessionKnobs {
    return sessionKnobs(this.#running)
  }

  get printedBy(): PrintedBy {
    return { facts: this.facts, hostname: this.hostname, frame: this.#frame, verbatim: this.options.verbatim }
  }

  get configModeOptions(): ConfigModeOptions {
    const { verbatim, unknownLines } = this.options
    return { facts: this.facts, verbatim, unknownLines, salt: () => this.#random.hex(16), broken: () => this.#broken }
  }

  /** Worked out when it is first asked: the boot configuration of a large switch holds a thousand addresses. */
  get #broken(): ReadonlySet<LineRule> {
    this.#brokenRules ??= brokenRules(this.#boot)
    return this.#brokenRules
  }

  /** Whether eAPI answers now: no fault in the way, booted, and the configuration lets it. */
  get reachable(): boolean {
    if (this.faults.unreachable(this.now) || this.now < this.#bootedAt) return false
    return this.options.managementOutside || eapiReachable(this.#running, this.#management)
  }

  /** The next time at which something happens by itself, milliseconds since the epoch. */
  get nextWake(): number | undefined {
    const times = [this.#timer?.deadline, this.faults.nextDue()?.at, this.faults.nextEdge(this.now), this.#bootedAt]
    const ahead = times.filter((time): time is number => time !== undefined && time > this.now)
    return ahead.length === 0 ? undefined : Math.min(...ahead)
  }

  /** Lets everything happen that has become due, in the order of its times. */
  settle(): void {
    for (;;) {
      const timer = this.#timer
      const due = this.faults.nextDue()
      const expires = timer?.deadline ?? Number.POSITIVE_INFINITY
      const strikes = due?.at ?? Number.POSITIVE_INFINITY
      if (Math.min(expires, strikes) > this.now) break
      if (timer !== undefined && expires <= strikes) this.#expire(timer)
      else if (due !== undefined) this.#strike(due.fault, due.at)
    }
    const oldest = this.now - this.behaviour.pendingHours * 3_600_000
    for (const session of this.sessions.pending()) if (session.openedAt <= oldest) this.sessions.drop(session.name)
  }

  /** Opens a session on a snapshot of running-config, or resumes a pending or armed one. */
  openSession(name: string | undefined, by: Actor): ConfigSession | Refusal {
    const present = name === undefined ? undefined : this.sessions.get(name)
    if (present?.state === 'completed') return this.#refuse('completed', present.name)
    if (present?.state === 'pending' || present?.state === 'armed') {
      this.#log(SYSLOG.entered(present.name, by))
      return present
    }
    if (this.sessions.pending().length >= this.knobs.maxPending) return this.#refuse('tooManySessions', name ?? '')
    const session: ConfigSession = {
      name: name ?? `sess-${parseInt(this.#random.hex(2), 16)}--${parseInt(this.#random.hex(4), 16)}-1`,
      state: 'pending',
      candidate: this.#running,
      typed: [],
      openedBy: by.user,
      openedAt: this.now,
      closedBy: '',
    }
    this.sessions.put(session)
    this.#log(SYSLOG.entered(session.name, by))
    for (const edit of this.faults.handEdits('session-open')) this.#handEdit(edit, this.now)
    return session
  }

  /** Stores what was typed into a session so far. */
  updateSession(name: string, candidate: ConfigTree, typed: readonly Command[]): void {
    const session = this.sessions.get(name)
    if (session?.state !== 'pending') return
    this.sessions.put({ ...session, candidate: layoutLike(candidate, this.#running), typed })
  }

  leaveSession(name: string, by: Actor): void {
    this.#log(SYSLOG.exited(name, by))
  }

  /** Commits a session for good; on an armed session that is the confirm. */
  commit(name: string, by: Actor): Reply {
    const session = this.#committable(name)
    if ('ok' in session) return session
    if (session.state === 'armed') {
      this.#timer = undefined
      this.counters.commits.confirms += 1
    } else {
      const saved = this.#running
      this.#setRunning(this.#outcome(session))
      this.counters.commits.plain += 1
      this.checkpoints.save({
        name: this.checkpoints.automaticName(this.now),
        tree: saved,
        savedAt: this.now,
        user: by.user,
      })
    }
    this.#finish(session, 'completed', by)
    this.#log(SYSLOG.committed(name, by))
    if (this.knobs.saveToStartup) this.#save()
    this.#afterCommit()
    return DONE
  }

  /** Commits a session under a timer: without a confirm the switch puts running-config back by itself. */
  commitTimer(name: string, seconds: number, by: Actor): Reply {
    const session = this.#committable(name)
    if ('ok' in session) return session
    if (session.state === 'armed' && this.behaviour.rearm === 'refuse') return this.#refuse('armed', name)
    const before = this.#timer?.before ?? this.#running
    if (session.state !== 'armed') this.#setRunning(this.#outcome(session))
    this.#timer = { session: name, deadline: this.now + seconds * 1000, before }
    this.sessions.put({ ...session, state: 'armed', closedBy: by.user, closedAt: this.now })
    this.counters.commits.timed += 1
    this.#log(SYSLOG.timerStarted(name, by, seconds))
    this.#log(SYSLOG.committed(name, by))
    this.#afterCommit()
    return DONE
  }

  /** Drops a pending session; puts running-config back at once under an armed one. */
  abort(name: string, by: Actor): Reply {
    const session = this.sessions.get(name)
    if (session === undefined || session.state === 'completed') return this.#refuse('notFound', name)
    if (session.state === 'aborted') return DONE
    if (session.state === 'armed') {
      this.#rollBack(by, this.now)
      this.#log(SYSLOG.timerCanceled(name))
    }
    this.#finish(session, 'aborted', by)
    this.#log(SYSLOG.aborted(name, by))
    return DONE
  }

  /** `no configure session NAME`: forgets a session in any state but armed. */
  forgetSession(name: string, by: Actor): Reply {
    const session = this.sessions.get(name)
    if (session === undefined) return this.#refuse('notFound', name)
    if (session.state === 'armed') return this.abort(name, by)
    this.sessions.drop(name)
    return DONE
  }

  /** Lines that are live at once: `configure` without a session. */
  configure(tree: ConfigTree): void {
    this.#setRunning(tree)
  }

  /** `configure replace`, and the restore of a checkpoint: at once, without a timer. */
  replace(tree: ConfigTree, source: string, by: Actor): void {
    this.#setRunning(tree)
    this.#log(SYSLOG.replaced(source, by))
  }

  saveCheckpoint(name: string, by: Actor): void {
    this.checkpoints.save({ name, tree: this.#running, savedAt: this.now, user: by.user })
  }

  /** `write`, `copy running-config startup-config`. */
  save(): Reply {
    this.#save()
    return said('Copy completed successfully.')
  }

  /** A configuration by the name that `copy`, `diff` and `configure replace` use for it. */
  source(name: string): ConfigTree | undefined {
    if (name === 'running-config') return this.#running
    if (name === 'startup-config') return this.#startup
    if (name === 'clean-config') return this.cleanConfig
    if (name.startsWith('checkpoint:'))
      return this.checkpoints.get(name.slice('checkpoint:'.length).replace(/^\/*/, ''))?.tree
    return this.files.get(name.replace(/^flash:\/*/, ''))
  }

  /** The configuration a session verb starts anew from: `rollback clean-config`, `copy SOURCE session-config`. */
  resetBy({ cmd }: Command): ConfigTree | undefined {
    if (/^rollback\s+clean-config$/.test(cmd)) return this.cleanConfig
    const copied = /^copy\s+(\S+)\s+session-config$/.exec(cmd)?.[1]
    return copied === undefined ? undefined : this.source(copied)
  }

  /** What `rollback clean-config` leaves. */
  get cleanConfig(): ConfigTree {
    return cleanConfig(this.#running)
  }

  /** The switch starts again from startup-config: pending sessions and the timer are gone (eos-reference 2.2). */
  reboot(seconds: number = this.behaviour.bootSeconds, at: number = this.now): void {
    this.sessions.clear()
    this.#timer = undefined
    this.#setRunning(this.#startup)
    this.#bootedAt = at + seconds * 1000
    this.#log(SYSLOG.startup(), this.#bootedAt)
  }

  /** Foreign pending sessions, up to `count` or the limit. */
  fillSessions(count: number): void {
    const by: Actor = { user: 'cvpadmin', from: 'TerminAttr (localhost)' }
    for (let left = Math.min(count, this.knobs.maxPending - this.sessions.pending().length); left > 0; left -= 1) {
      this.openSession(`CVP-configtask-${this.#random.hex(4)}`, by)
    }
  }

  /** Another tool commits a session that changes nothing, under a timer. */
  armForeign({ session, user, seconds }: ForeignTimer): Reply {
    const by: Actor = { user: user ?? 'cvpadmin', from: 'TerminAttr (localhost)' }
    const opened = this.openSession(session ?? `CVP-configtask-${this.#random.hex(4)}`, by)
    return 'ok' in opened ? opened : this.commitTimer(opened.name, seconds, by)
  }

  #committable(name: string): ConfigSession | Refusal {
    const session = this.sessions.get(name)
    if (session === undefined || session.state === 'aborted') return this.#refuse('notFound', name)
    if (session.state === 'completed') return this.#refuse('completed', name)
    if (this.#timer !== undefined && this.#timer.session !== name)
      return this.#refuse('timerOfOther', this.#timer.session)
    const refusal = this.faults.refusedCommit()
    if (refusal !== undefined) return refused(refusal)
    for (const edit of this.faults.handEdits('before-commit')) this.#handEdit(edit, this.now)
    return session
  }

  /** A commit replaces running-config; with the merge knob it plays the typed lines into it instead. */
  #outcome(session: ConfigSession): ConfigTree {
    if (!this.knobs.mergeOnCommit) return session.candidate
    let mode = new ConfigMode(this.#running, this.configModeOptions)
    for (const command of session.typed) {
      const reset = this.resetBy(command)
      if (reset === undefined) mode.type(command)
      else mode = new ConfigMode(reset, this.configModeOptions)
    }
    return mode.finish()
  }

  #afterCommit(): void {
    for (const edit of this.faults.handEdits('commit')) this.#handEdit(edit, this.now)
  }

  #finish(session: ConfigSession, state: 'completed' | 'aborted', by: Actor): void {
    if (state === 'aborted' && !this.behaviour.keepsAborted) this.sessions.drop(session.name)
    else this.sessions.put({ ...session, state, closedBy: by.user, closedAt: this.now })
    this.sessions.trim(state, Math.max(this.knobs.maxCompleted, state === 'aborted' ? 1 : 0))
  }

  #expire({ session: name, deadline }: CommitTimer): void {
    const session = this.sessions.get(name)
    const by = { user: session?.closedBy ?? CLI.user, from: 'commit timer' }
    this.counters.expiries += 1
    this.#log(SYSLOG.timerExpired(name), deadline)
    this.#rollBack(by, deadline)
    if (session !== undefined) this.#finish(session, 'aborted', by)
  }

  /** Puts the copy from before the armed commit back. */
  #rollBack(by: Actor, at: number): void {
    if (this.#timer === undefined) return
    this.#setRunning(this.#timer.before)
    this.#timer = undefined
    this.#log(SYSLOG.replaced(PRE_COMMIT_COPY, by), at)
  }

  #strike(fault: HandEdit | Reboot, at: number): void {
    this.faults.struck(fault)
    if (fault.kind === 'reboot') this.reboot(fault.seconds, at)
    else this.#handEdit(fault, at)
  }

  #handEdit({ lines, user }: HandEdit, at: number): void {
    const mode = new ConfigMode(this.#running, this.configModeOptions)
    for (const line of lines) mode.type({ cmd: line })
    this.#setRunning(mode.finish())
    this.#log(SYSLOG.configured({ user: user ?? 'operator', from: 'vty5 (127.0.0.1)' }), at)
  }

  #save(): void {
    this.#startup = this.#running
    this.#savedAt = this.now
  }

  #setRunning(tree: ConfigTree): void {
    if (tree === this.#running) return
    this.#running = tree
    this.#version += 1
  }

  #refuse(text: keyof Behaviour['says'], session: string): Refusal {
    return refused(this.behaviour.says[text].replace('%s', session))
  }

  #log(message: SyslogMessage, at = this.now): void {
    this.syslog.write(at, this.hostname, message)
  }
}
