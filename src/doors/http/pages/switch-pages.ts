import { z } from 'zod'
import { isAllowed, requireAllowed } from '../../../project/access/policy/authority.ts'
import { movedWords } from '../../../report/baseline-words.ts'
import { snapshotDiffPage, snapshotsPage, THE_SWITCHES_NOW } from '../../../report/page/snapshots.ts'
import { executionItem, type SwitchItem, switchesPage, switchPage } from '../../../report/page/switches.ts'
import { compared } from '../context/compared.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import {
  askerOf,
  defineForm,
  definePage,
  defineRoute,
  type FrontContext,
  type Route,
  seeOther,
  tokenOf,
} from '../context/route.ts'
import {
  changingFor,
  executionsFor,
  namesFor,
  notThere,
  refusalOf,
  snapshotsFor,
  sourceFor,
} from '../request/readable.ts'
import { text, word, wordFor } from '../routes/execution-routes.ts'
import { endsOfSwitches } from './overview-data.ts'

const LAST = 10

export const switchPages: readonly Route[] = [
  definePage('/switches', 'execution.read', 'Switches', {
    input: z.strictObject({
      q: text.max(200).optional(),
      state: text.max(100).optional(),
      page: z.coerce.number().int().min(1).max(100_000).default(1),
    }),
    show: async (front, { caller, input: { page, q, state } }) => {
      const { app } = front
      const names = namesFor(app, caller)
      if (names.length === 0) await requireAllowed(app, caller, 'execution.read')
      return switchesPage({
        now: app.clock.now(),
        csrf: tokenOf(caller),
        items: await itemsOf(front, caller, names),
        filter: {
          ...(q === undefined || q === '' ? {} : { q }),
          ...(state === undefined || state === '' ? {} : { state }),
        },
        page,
        mayRead: mayRead(front, caller, names),
      })
    },
  }),
  definePage('/switches/{name}', 'execution.read', 'One switch', {
    show: async (front, { caller, path }) => {
      const { app, drift } = front
      const name = path.name ?? ''
      const [item] = namesFor(app, caller).includes(name) ? await itemsOf(front, caller, [name]) : []
      if (item === undefined) throw notThere('switch')
      const wanted = { target: name, states: [], touched: false, most: LAST }
      const { rows, more } = await executionsFor(app, caller, wanted)
      const seen = mayRead(front, caller, [name]) ? drift.of(name, item.confirmed?.since)?.drift : undefined
      return switchPage({
        now: app.clock.now(),
        csrf: tokenOf(caller),
        item,
        drift: seen,
        comparedWith: seen !== undefined && 'source' in seen ? await sourceFor(app, caller, seen.source) : undefined,
        changes: rows.map((row) => executionItem(row, caller.principal)),
        ...(more?.isSearch === true ? { searched: { to: more.at, next: wordFor(more.id) } } : {}),
        mayRead: mayRead(front, caller, [name]),
      })
    },
  }),
  defineRoute('POST /drift-checks', 'task.snapshot', 'Compare switches with what was confirmed, and show that', {
    input: z.strictObject({ switch: word.optional() }),
    answer: async ({ acts, app, drift }, { caller, input }) => {
      const found = await acts.ask(
        'drift',
        askerOf(caller),
        input.switch === undefined ? {} : { targets: input.switch },
      )
      await drift.take(found, new Date(app.clock.now()).toISOString())
      const to = input.switch === undefined ? '/switches' : `/switches/${encodeURIComponent(input.switch)}`
      return seeOther(to)
    },
  }),
  definePage('/snapshots', 'task.snapshot', 'Snapshots', {
    show: async (front, { caller }) => {
      const { app } = front
      const seen = await snapshotsFor(app, caller)
      return snapshotsPage({
        now: app.clock.now(),
        csrf: tokenOf(caller),
        items: seen.map(({ name, at, devices, ...moved }) => ({
          name,
          at,
          switches: devices,
          moved: movedWords(moved),
        })),
        mayTake: mayRead(
          front,
          caller,
          app.project.inventory().devices.map(({ name }) => name),
        ),
      })
    },
  }),
  defineForm('snapshot', '/snapshots', 'task.snapshot', 'Take a snapshot, and show the list', {
    input: z.strictObject({
      name: word.optional(),
      targets: text.min(1).max(10_000).optional(),
    }),
    to: () => '/snapshots',
  }),
  definePage('/snapshots/diff', 'task.snapshot', 'How switches differ between two snapshots', {
    input: z.strictObject({ before: word, after: text.max(200).default(THE_SWITCHES_NOW) }),
    show: async (front, { caller, input, headers }) => {
      const { before, after } = input
      const isNow = after === THE_SWITCHES_NOW
      if (isNow) requireOwnLink(headers)
      const sides = isNow ? { before } : { before, after }
      return snapshotDiffPage({ diffs: await compared(front, caller, sides), sides })
    },
  }),
]

function requireOwnLink(headers: Pick<Headers, 'get'>) {
  const site = headers.get('sec-fetch-site')
  if (site === null || site === 'same-origin' || site === 'none') return
  throw refusalOf('cross-site', 'switches are not read by a link of another site')
}

function mayRead({ app }: FrontContext, caller: IdentifiedCaller, devices: readonly string[]) {
  return isAllowed(app, caller, 'task.snapshot', { devices })
}

async function itemsOf(
  front: FrontContext,
  caller: IdentifiedCaller,
  names: readonly string[],
): Promise<readonly SwitchItem[]> {
  const { app, drift } = front
  await drift.refresh()
  const ends = await endsOfSwitches(app, caller, names)
  const running = await changingFor(app, caller)
  const meant = new Set(names)
  const devices = app.project.inventory().devices.filter(({ name }) => meant.has(name))
  return devices.map((device) => {
    const { name, tags } = device
    const { unknown, confirmed } = ends.get(name) ?? {}
    const changing = running.find(({ state }) => state.targets.includes(name))?.state.id
    const seen = mayRead(front, caller, [name]) ? drift.of(name, confirmed?.since) : undefined
    return {
      name,
      reached: `${device.transport} ${device.host}:${device.port}`,
      tags,
      isUnknown: unknown !== undefined,
      changing,
      confirmed,
      ...(seen === undefined ? {} : { drift: { state: seen.drift.state, at: seen.at } }),
    }
  })
}
