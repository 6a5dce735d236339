import { networkInterfaces } from 'node:os'

/** Whether this machine has the loopback of IPv6, and what a skipped test says of that. */
export const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))
export const withoutIpv6 = hasIpv6 ? '' : ' (SKIPPED: this machine has no ::1)'
