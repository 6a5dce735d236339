import { z } from 'zod'
import { text } from '../../change/record/event/record-schema.ts'
import { executionViewSchema } from '../view/execution-view.ts'
import { executionResultSchema } from './result-schema.ts'

const { id, workflow, purpose, status, outcome, plan, suspended, waitingFor, devices } = executionResultSchema.shape

/** What `eosflow executions --json` prints, version 1. */
export const executionsResultSchema = z
  .strictObject({
    version: z.literal(1),
    executions: z
      .array(
        z.strictObject({
          id,
          at: text.describe('When it began, ISO 8601 in UTC.'),
          workflow,
          purpose,
          status,
          outcome,
          waitingFor: waitingFor.unwrap(),
          running: z.boolean().describe('Whether a process runs it.'),
          suspended,
          redriven: z.int().min(0),
          plan,
          devices: z.record(text, devices.unwrap().element.shape.end),
          sites: executionViewSchema.shape.sites.describe('Of a change over several sites.'),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'executions-result', title: 'eosflow executions --json' })

export type ExecutionsDocument = z.infer<typeof executionsResultSchema>
