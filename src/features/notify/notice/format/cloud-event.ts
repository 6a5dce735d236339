import { definedMembers } from '../../../../model/defined-members.ts'
import type { Json } from '../../../../model/json.ts'
import type { Notification } from '../message/notification.ts'
import type { AddressedNotification } from './addressed-notification.ts'

/**
 * A notification as a CloudEvent (CloudEvents 1.0, section 3; JSON format 1.0, section 3). The id is the same whenever it is sent, so that a
 * receiver knows what it has already.
 */
export function cloudEvent({
  notification,
  origin,
  link,
  diff,
}: AddressedNotification): Readonly<Record<string, Json>> {
  const { what, at, execution, trace } = notification
  return {
    specversion: '1.0',
    id: eventId(origin, notification),
    source: origin,
    type: `eosflow.${what}.v1`,
    time: at,
    ...definedMembers({ subject: execution }),
    // The extension for distributed tracing.
    ...definedMembers({ traceparent: trace }),
    datacontenttype: 'application/json',
    data: { ...dataOf(notification), ...definedMembers({ link, diff }) },
  }
}

/** What names a notification among all of all stores: `<store>/<execution>/<record>`. */
export function eventId(origin: string, { execution, seq }: Pick<Notification, 'execution' | 'seq'>): string {
  return `${origin}/${execution ?? '-'}/${seq}`
}

function dataOf({
  severity,
  title,
  text,
  facts,
  execution,
  workflow,
  plan,
  outcome,
  devices,
  notice,
  byEvent,
}: Notification): Readonly<Record<string, Json>> {
  const known = { execution, workflow, plan, outcome, devices, notice, byEvent }
  return {
    version: 1,
    severity,
    title,
    text,
    facts: Object.fromEntries(facts),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  }
}
