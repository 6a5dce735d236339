import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { integer } from '../../input/numbers.ts'
import { word } from '../../input/words.ts'

/** A flow tracker as a catalog expects it. What is left out is not judged. */
export const flowTracker = once(() =>
  z.strictObject({
    name: word().describe('The name of the flow tracker.'),
    record_export: z
      .strictObject({
        on_inactive_timeout: integer().describe('After how many idle milliseconds the records of a flow are exported.'),
        on_interval: integer().describe('Every how many milliseconds the records of an active flow are exported.'),
      })
      .nullish()
      .describe('When records are exported.'),
    exporters: z
      .array(
        z.strictObject({
          name: word().describe('The name of the exporter.'),
          local_interface: word().describe('The interface that the exporter sends from.'),
          template_interval: integer().describe('Every how many milliseconds the exporter sends its template again.'),
        }),
      )
      .nullish()
      .describe('The exporters of the tracker.'),
  }),
)
