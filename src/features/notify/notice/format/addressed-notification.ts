import type { Notification } from '../message/notification.ts'

export interface AddressedNotification {
  readonly notification: Notification
  readonly origin: string
  /** The page that shows it; absent where nobody has said how the control room is reached. */
  readonly link?: string
  /** The plan with its diff, without its secrets; absent unless the settings ask for it. */
  readonly diff?: string
}
