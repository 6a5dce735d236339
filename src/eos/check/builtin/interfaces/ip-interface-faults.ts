import { needed } from '../../answer/told.ts'
import { mismatch } from '../../finding/mismatch.ts'

/** What is wrong with an IP interface that is not up and connected: the line protocol first, as ANTA says it. */
export function ipInterfaceFaults(
  subject: string,
  told: { readonly lineProtocolStatus?: string | undefined; readonly interfaceStatus?: string | undefined },
): readonly string[] {
  return [
    ...mismatch(`${subject} - Invalid line protocol status`, 'up', needed(told, 'lineProtocolStatus')),
    ...mismatch(`${subject} - Invalid interface status`, 'connected', needed(told, 'interfaceStatus')),
  ]
}
