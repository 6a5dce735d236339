import { z } from 'zod'
import { askedOnce } from '../../../eos/device/device.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import { onEachPresent, read } from '../act/act.ts'
import { defineTask, type TaskContext } from '../act/context.ts'
import { requireNoTimer } from '../act/own-timer.ts'
import { readNeighbors, requireKnown, type SnapshotOfDevice } from '../act/snapshot-of.ts'
import { requireDistinct } from '../act/switch-identity.ts'

const Input = z.strictObject({
  state: z
    .array(z.string())
    .default([])
    .describe('The areas of operational state to read: interfaces, bgp, lldp, mlag, ...'),
  neighbors: z
    .int()
    .min(0)
    .optional()
    .describe('How many neighbours are read too; without it some where something is expected of the change.'),
})
type Context = TaskContext<z.output<typeof Input>>

const MOST_NEIGHBORS = 50

export const snapshot = defineTask({
  name: 'snapshot',
  summary: 'Read the identity, config sessions and operational state of every selected switch.',
  docs: 'One JSON round trip per switch, in which the checks are asked, too: what a switch refuses is refused by the plan. Where the area `lldp` is read, neighbours of the inventory are read beside them, so that the verification can see what the change does to them. A switch that does not answer is left out where `maxFailures` has room for it or `--skip-unreachable` was given; two names of one switch end the execution. A switch that is under a commit timer, whoever started it, cannot be changed now: the execution ends before anything is written and names the owner and the time left.',
  scope: 'task.snapshot',
  effect: 'read',
  input: Input,
  async run(context) {
    const readings = await onEachPresent(context, context.devices, async (name) => readOne(context, name))
    requireDistinct(readings.map(([name, { identity }]) => [name, identity]))
    const states = readings.map(([name, { state }]) => [name, state] as const)
    requireKnown(states, neededAreas(context), context.questions.placeOfComparison)
    const neighbors = await neighborsBeside(context, readings)
    const refused = await context.questions.refusedProbes()
    const kept = readings.map(([name, reading], place) => {
      const heardFirst = neighbors.filter(({ of }) => of[0] === name)
      const all = [...(reading.refused ?? []), ...(place === 0 ? refused : [])]
      const about = { ...reading, ...(all.length === 0 ? {} : { refused: all }) }
      return [name, heardFirst.length === 0 ? about : { ...about, neighbors: heardFirst }] as const
    })
    return { snapshot: await context.texts.put(JSON.stringify(Object.fromEntries(kept))) }
  },
})

async function neighborsBeside(
  context: Context,
  readings: readonly (readonly [string, SnapshotOfDevice])[],
): ReturnType<typeof readNeighbors> {
  const limit = neighborLimit(context)
  return limit === 0 ? [] : readNeighbors(context, readings, { limit, areas: context.input.state })
}

function neighborLimit({ checks, input: { neighbors } }: Context) {
  return neighbors ?? (checks.compared === undefined ? 0 : MOST_NEIGHBORS)
}

function neededAreas(context: Context) {
  const { checks, input } = context
  const isLldpNeeded = neighborLimit(context) > 0 && input.state.includes('lldp')
  return [...new Set([...(checks.compared?.areas ?? []), ...(isLldpNeeded ? ['lldp'] : [])])]
}

const isShow = ({ cmd }: Command) => cmd.startsWith('show ')

async function readOne(context: Context, name: string): Promise<readonly [string, SnapshotOfDevice]> {
  const { checks, clock, input } = context
  const questions = checks.commandsFor(name)
  const asked = askedOnce(checks.areaCommands(input.state), questions.filter(isShow))
  const { look, roundTrip } = await read(context, name, async (device) => {
    const began = clock.monotonic()
    return { look: await device.look(asked.commands), roundTrip: Math.round(clock.monotonic() - began) }
  })
  const { sessions, mergeOnCommit, saveToStartupConfigOnCommit } = look.sessions
  requireNoTimer(name, look.sessions)
  if (saveToStartupConfigOnCommit) {
    throw new EosflowError(
      'guard',
      `${name}: every commit is saved to startup-config at once, so a reboot would not undo a change that was never verified`,
      {
        device: name,
        hint: 'Remove "service configuration session commit save startup-config" from the switch.',
      },
    )
  }
  const [toAreas = [], toShows = []] = asked.repliesTo(look.replies)
  const state = checks.readAreas(input.state, toAreas)
  const tries = questions.filter((command) => !isShow(command))
  const tried = tries.length === 0 ? [] : (await read(context, name, (device) => device.look(tries))).replies
  const refused = await checks.refused([...questions.filter(isShow), ...tries], [...toShows, ...tried], {
    device: name,
    baseline: state,
    now: clock.now() / 1000,
  })
  return [
    name,
    {
      identity: { ...look.identity },
      roundTrip,
      foreignSessions: Object.entries(sessions).flatMap(([session, of]) => (of === 'pending' ? [session] : [])),
      mergeOnCommit,
      state,
      ...(refused.length === 0 ? {} : { refused }),
    },
  ]
}
