import { describe, expect, test } from 'vitest'
import { EosflowError } from '../../src/model/error.ts'
import { whereIs } from '../e2e/vlan-change.ts'
import { ALL, byPlace, changedIn, commitsOf, FIRST, SECOND, startFleet, THIRD, TIMED } from './fleet.ts'

describe.each(['change', 'wave', 'device'])(
  'stopped and taken up in the middle, atomic: %s',
  { timeout: 120_000 },
  (atomic) => {
    const rollout = `waves: ['20%'], atomic: ${atomic}`

    test('stopped by a person in the third wave, then redriven: nothing is done twice', async () => {
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
      const stopped = await fleet.lab.change()
      expect(stopped.code, stopped.out + stopped.err).toBe(11)
      const kept = changedIn(fleet)
      expect(kept.slice(0, atomic === 'change' ? 0 : 24)).toEqual(
        atomic === 'change' ? [] : [...FIRST, ...SECOND].toSorted(byPlace),
      )
      expect(kept).not.toContain('leaf29')
      const commits = commitsOf(fleet)
      isOver = true
      const again = await fleet.lab.eosflow('redrive', '@latest')
      expect(again.code, (again.out + again.err).slice(-600)).toBe(0)
      expect(changedIn(fleet)).toEqual(ALL)
      for (const [name, timed] of commitsOf(fleet)) {
        expect(timed - (commits.get(name) ?? 0), name).toBe(kept.includes(name) ? 0 : 1)
      }
    })

    test('the journal breaks in the third wave; resumed, every switch is asked and the rest is done', async () => {
      let [isBroken, isMended] = [false, false]
      const fleet = startFleet(rollout, {
        seams: (seams) => ({
          ...seams,
          journal: (journal) => ({
            read: (execution) => journal.read(execution),
            append: (execution, events, after) => {
              isBroken ||= events.some(
                (one) => one.type === 'ActFinished' && one.device === 'leaf29' && one.act === 'arm',
              )
              if (isBroken && !isMended) return Promise.reject(new EosflowError('store', 'the disk is full'))
              return journal.append(execution, events, after)
            },
          }),
        }),
      })
      const broken = await fleet.lab.change()
      expect(broken.code, (broken.out + broken.err).slice(-600)).toBe(7)
      const open = /Not settled: (.*?)\./.exec(broken.err)?.[1]?.split(', ').toSorted(byPlace)
      if (atomic === 'wave') expect(open).toEqual(THIRD.toSorted(byPlace))
      else expect(open).toContain('leaf29')
      expect(whereIs(fleet.lab.fabric.device('leaf29'))).toBe('AFTER')
      const commits = commitsOf(fleet)
      isMended = true
      const again = await fleet.lab.eosflow('resume', '@latest')
      expect(again.code, (again.out + again.err).slice(-600)).toBe(0)
      expect(changedIn(fleet)).toEqual(ALL)
      const twice = [...commitsOf(fleet)].filter(([name, timed]) => timed > 1 && commits.get(name) === 1)
      expect(twice).toEqual([])
    })
  },
)
