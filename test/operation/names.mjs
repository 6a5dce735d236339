import dns from 'node:dns'

/** Loaded before a program: the services of the compose file, and the server of the guide, are on this machine, each by its name. */
const HERE = ['postgres', 'db1.example.com']
const { lookup } = dns
dns.lookup = (host, ...rest) => lookup(HERE.includes(host) ? '127.0.0.1' : host, ...rest)
