import dns from 'node:dns'

/** Loaded before a program: the services of the compose file are on this machine, each by its name. */
const { lookup } = dns
dns.lookup = (host, ...rest) => lookup(host === 'postgres' ? '127.0.0.1' : host, ...rest)
