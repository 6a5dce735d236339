import { z } from 'zod'
import { listSchedules } from '../../../features/schedule/list-schedules.ts'
import { schedulesPage } from '../../../report/page/schedules.ts'
import { schedulesJson } from '../../../report/phrases/schedule.ts'
import { askerOf, defineForm, definePage, defineRoute, type Route, tokenOf } from '../context/route.ts'
import { actInputs } from '../request/act-input.ts'
import { unnamed } from '../request/readable.ts'
import { document, text } from './execution-routes.ts'

const one = z.looseObject({
  name: text,
  does: text,
  tz: text,
  paused: z.boolean(),
  next: z.array(text).describe('The next instants.'),
  execution: text.optional().describe('Of an after-watch: whose checks are judged.'),
  until: text.optional(),
  last: z.looseObject({ instant: text, what: text, reason: text }).optional(),
})

const ACTS = {
  pause: 'Pause a schedule: it begins nothing by itself',
  continue: 'Have a schedule begin by itself again',
  run: 'Start a schedule now: whoever asks is behind what it does',
  end: 'Look no more after a change that was confirmed',
} as const

type ScheduleAct = keyof typeof ACTS

const names = Object.keys(ACTS) as ScheduleAct[]

export const scheduleRoutes: readonly Route[] = [
  defineRoute(
    'GET /api/v1/schedules',
    'execution.start',
    'The schedules: when they are due, and what became of their last instant',
    {
      output: document('Schedules', { schedules: z.array(one) }),
      answer: async ({ app }, { caller }) => ({
        json: schedulesJson(await unnamed(() => listSchedules(app, caller))),
      }),
    },
  ),
  ...names.map(forPrograms),
  definePage('/schedules', 'execution.start', 'The schedules', {
    show: async ({ app }, { caller }) => {
      const rows = await unnamed(() => listSchedules(app, caller))
      return schedulesPage({ now: app.clock.now(), csrf: tokenOf(caller), rows })
    },
  }),
  ...names.map(forForms),
]

function forPrograms(act: ScheduleAct) {
  const shape = {
    schedule: text,
    paused: z.boolean().optional(),
    occurrence: text.optional(),
    ended: z.boolean().optional(),
  }
  return defineRoute(`POST /api/v1/schedules/{schedule}/${act}`, 'execution.start', ACTS[act], {
    input: actInputs[`${act}-schedule`],
    output: document(`Schedule${act}`, shape),
    answer: async ({ acts }, { caller, input }) => ({
      json: await acts.ask(`${act}-schedule`, askerOf(caller), input),
    }),
  })
}

function forForms(act: ScheduleAct) {
  return defineForm(
    `${act}-schedule`,
    `/schedules/{schedule}/${act}`,
    'execution.start',
    `What the form posts: ${act}`,
    {
      to: () => '/schedules',
    },
  )
}
