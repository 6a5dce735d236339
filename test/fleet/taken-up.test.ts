import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../src/journal/event.ts'
import { EosflowError } from '../../src/model/error.ts'
import { everyNth } from '../extent.ts'
import { withAppends } from '../lab/around.ts'
import { exits } from '../lab/exits.ts'
import { whereIs } from '../lab/vlan-change.ts'
import { ALL, byPlace, changedIn, commitsOf, FIRST, SECOND, startFleet, THIRD, TIMED } from './fleet.ts'

/** A fleet whose journal takes nothing more from the first event of that kind on, until it is mended. */
function fleetWhoseJournalBreaks(
  rollout: Parameters<typeof startFleet>[0],
  breaks: (event: EventBody) => boolean,
): { readonly fleet: ReturnType<typeof startFleet>; readonly mend: () => void } {
  let [isBroken, isMended] = [false, false]
  const fleet = startFleet(rollout, {
    seams: withAppends({
      before: (events) => {
        isBroken ||= events.some(breaks)
        if (isBroken && !isMended) throw new EosflowError('store', 'the disk is full')
      },
    }),
  })
  return {
    fleet,
    mend: () => {
      isMended = true
    },
  }
}

describe.each(everyNth({ test: 3, long: 3 }, 'ways of a rollout to be atomic', ['device', 'wave', 'change']))(
  'stopped and taken up in the middle, atomic: %s',
  { timeout: 120_000 },
  (atomic) => {
    const rollout = `waves: ['20%'], atomic: ${atomic}`

    test('stopped by a person in the third wave, then redriven: nothing is done twice', { tags: 'night' }, async () => {
      let stop = new AbortController()
      const fleet = startFleet(rollout, {
        stops: () => {
          stop = new AbortController()
          return stop.signal
        },
        before: (_lab, name, commands) => {
          if (name === 'leaf29' && !isOver && commands.some((command) => TIMED.test(command))) stop.abort()
        },
      })
      let isOver = false
      await exits(11, fleet.lab.change())
      const kept = changedIn(fleet)
      expect(kept.slice(0, atomic === 'change' ? 0 : 24)).toEqual(
        atomic === 'change' ? [] : [...FIRST, ...SECOND].toSorted(byPlace),
      )
      expect(kept).not.toContain('leaf29')
      const commits = commitsOf(fleet)
      isOver = true
      // A person has stopped it: what was approved before that counts no more.
      await exits(12, fleet.lab.eosflow('redrive', '@latest'))
      expect(changedIn(fleet)).toEqual(kept)
      await exits(0, fleet.lab.eosflow('approve', '@latest'))
      await exits(0, fleet.lab.eosflow('resume', '@latest'))
      expect(changedIn(fleet)).toEqual(ALL)
      for (const [name, timed] of commitsOf(fleet)) {
        expect(timed - (commits.get(name) ?? 0), name).toBe(kept.includes(name) ? 0 : 1)
      }
    })

    test('the journal breaks behind a timed commit of the third wave; resumed, what has no outcome on record is put back', {
      tags: 'night',
    }, async () => {
      const { fleet, mend } = fleetWhoseJournalBreaks(
        rollout,
        (one) => one.type === 'ActFinished' && one.device === 'leaf29' && one.act === 'arm',
      )
      const broken = await exits(7, fleet.lab.change())
      const open = /Not settled: (.*?)\./.exec(broken.err)?.[1]?.split(', ').toSorted(byPlace)
      if (atomic === 'wave') expect(open).toEqual(THIRD.toSorted(byPlace))
      else expect(open).toContain('leaf29')
      expect(whereIs(fleet.lab.fabric.device('leaf29'))).toBe('AFTER')
      const commits = commitsOf(fleet)
      mend()
      await exits(6, fleet.lab.eosflow('resume', '@latest'))
      expect(whereIs(fleet.lab.fabric.device('leaf29'))).toBe('BEFORE')
      expect(
        ALL.map((name) => whereIs(fleet.lab.fabric.device(name))).filter((at) => !/^(?:BEFORE|AFTER)$/.test(at)),
      ).toEqual([])
      if (atomic === 'change') expect(changedIn(fleet)).toEqual([])
      const twice = [...commitsOf(fleet)].filter(([name, timed]) => timed > 1 && commits.get(name) === 1)
      expect(twice).toEqual([])
    })
  },
)
