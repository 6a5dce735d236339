import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../src/journal/event.ts'
import { pause, SITES, type SiteTeam, startSiteTeam } from './site-team.ts'

/** A record in an execution, at which the process that drives that one is killed. */
interface Strike {
  readonly at: string
  readonly of: 'whole' | 'north' | 'south'
  readonly is: (event: JournalEvent) => boolean
}

const barrier =
  (type: 'BarrierReached' | 'BarrierDecided', name: string) =>
  (event: JournalEvent): boolean =>
    event.type === type && event.barrier === name
const act =
  (type: 'ActIntended' | 'ActFinished', name: string) =>
  (event: JournalEvent): boolean =>
    event.type === type && event.act === name

const STRIKES: readonly Strike[] = [
  { at: 'the push is released', of: 'whole', is: barrier('BarrierDecided', 'push') },
  { at: 'a site waits to confirm', of: 'north', is: barrier('BarrierReached', 'confirm') },
  {
    at: 'a site waits to confirm',
    of: 'whole',
    is: (event) => event.type === 'StateEntered' && event.state === 'ReleaseConfirm',
  },
  { at: 'the confirm is released', of: 'whole', is: barrier('BarrierDecided', 'confirm') },
  { at: 'a confirm is announced', of: 'south', is: act('ActIntended', 'confirm') },
  { at: 'a confirm is done', of: 'north', is: act('ActFinished', 'confirm') },
  { at: 'a save is announced', of: 'south', is: act('ActIntended', 'save') },
]

/** They take minutes: `EOSFLOW_SITES=all` takes them. The same kills are enumerated in memory. */
const CHOSEN = process.env.EOSFLOW_SITES === 'all' ? STRIKES : []

describe('two sites, each with workers that reach its own switch alone', () => {
  let team: SiteTeam
  let vlan = 3000
  beforeAll(async () => {
    team = await startSiteTeam()
    for (const site of [...SITES, ...SITES]) await team.worker(site)
  }, 120_000)
  afterAll(() => team.close())

  const until = async (holds: () => Promise<boolean>, what: string): Promise<void> => {
    for (const end = performance.now() + 200_000; !(await holds()); await pause(50)) {
      if (performance.now() > end) throw new Error(`${what}\n${team.workers.map(({ said }) => said()).join('\n')}`)
    }
  }
  const partsOf = async (id: string) => {
    const { sites } = (await team.state(id)).sites
    return Promise.all(sites.map(async ({ site, execution }) => ({ site, state: await team.state(execution) })))
  }
  const changed = async (id: string, strike?: Strike): Promise<{ readonly id: string; readonly isStruck: boolean }> => {
    vlan += 1
    const whole = await team.begin(vlan)
    await until(async () => (await team.state(whole)).scopes.some(({ phase }) => phase === 'waiting'), `${id}: no plan`)
    await team.approve(whole)
    let isStruck = strike === undefined
    await until(async () => {
      const parts = await partsOf(whole)
      const of = strike?.of === 'whole' ? whole : (parts.find(({ site }) => site === strike?.of)?.state.id ?? whole)
      if (!isStruck && strike !== undefined && (await team.app.store.read(of)).some(strike.is)) {
        isStruck = await team.killOwner(of)
        if (!isStruck && (await team.state(of)).status === 'ended') isStruck = true
      }
      return [await team.state(whole), ...parts.map(({ state }) => state)].every(({ status }) => status === 'ended')
    }, `${id}: not ended`)
    return { id: whole, isStruck }
  }
  /** Where the record says otherwise than the switches, and where one site has the change and another has not. */
  const untrue = async (id: string): Promise<readonly string[]> => {
    const end = (await team.app.store.read(id)).at(-1)
    if (end?.type !== 'ExecutionEnded') return ['not ended']
    const truth = (await team.fabric.truth()).switches
    const wrong = SITES.flatMap((site) => {
      const name = team.switches[site]
      const one = truth[name]
      const [isRunning, isSaved] = [one?.running, one?.startup].map((text) => text?.includes(`vlan ${vlan}\n`) === true)
      const wanted = end.devices[name] === 'changed'
      const isTrue = isRunning === wanted && isSaved === wanted && one?.isArmed === false
      return isTrue ? [] : [`${name} is called ${end.devices[name]}: running ${isRunning}, saved ${isSaved}`]
    })
    const ends = new Set(SITES.map((site) => end.devices[team.switches[site]] === 'changed'))
    const isApart = ends.size > 1 && end.outcome !== 'unknown'
    const isSettled = end.outcome === 'succeeded' || end.outcome === 'rolled-back' || end.outcome === 'refused'
    return [...wrong, ...(isApart ? ['the sites are apart'] : []), ...(isSettled ? [] : [`ended ${end.outcome}`])]
  }

  test('plan, push, confirm and save as one change', async () => {
    const { id } = await changed('all is well')
    expect((await team.state(id)).outcome).toBe('succeeded')
    expect(await untrue(id)).toEqual([])
    expect(
      (await team.fabric.truth()).writes.every(({ device }) => Object.values(team.switches).includes(device)),
    ).toBe(true)
  }, 480_000)

  test.each(CHOSEN)(
    '$at, and the worker of $of is killed',
    async (strike) => {
      const { id, isStruck } = await changed(strike.at, strike)
      expect([isStruck, await untrue(id)]).toEqual([true, []])
      for (const site of SITES) {
        const living = team.workers.filter(
          (one) => one.site === site && !one.process.killed && one.process.exitCode === null,
        )
        for (let missing = 2 - living.length; missing > 0; missing -= 1) await team.worker(site)
      }
    },
    240_000,
  )
})
