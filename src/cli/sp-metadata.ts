import { describe, serviceProviderOf, type OwnSide } from '../compose.js'
import { spMetadata } from '../saml/sp-metadata.js'
import { loadOwnSide } from '../settings/configuration.js'
import type { Clock } from '../base/clock.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson } from './desk.js'

export const printSpMetadata: CommandMaker = (desk, finish) =>
  newCommand(desk, 'sp-metadata', {
    about: "Prints our signed metadata, the file that the IdP's administrators ask for.",
    examples: ['> metadata/sp.xml'],
    exitCodes: '0 printed, 2 the settings cannot be used',
  })
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(({ config, json }: { readonly config: string; readonly json?: true }) => {
      const configuration = loadOwnSide(config, desk.env)
      const xml = metadataOf(configuration, desk.clock)
      const { entityId } = configuration.settings.serviceProvider
      if (json) sayJson(desk, { entityId, xml })
      else say(desk, xml.trimEnd())
      finish(0)
    })

export const metadataOf = (configuration: OwnSide, clock: Clock): string =>
  spMetadata(describe(configuration, serviceProviderOf(configuration), clock))
