import { defineShow } from '../format/define.ts'

/** `show queue-monitor length status`: LANZ, which is off unless configured. */
export const showQueueMonitorStatus = defineShow({
  words: 'show queue-monitor length status',
  docs: 'Whether the lengths of queues are watched; ANTA recordings (revision 1).',
  json: ({ running }) => ({ lanzEnabled: running.children.some(({ line }) => line === 'queue-monitor length') }),
})
