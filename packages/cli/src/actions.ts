import { agreementActions } from './command-line/agreement-actions.js';
import { assessActions } from './command-line/assess-actions.js';
import { deliveryActions } from './command-line/delivery-actions.js';
import { exploreActions } from './command-line/explore-actions.js';
import { extractActions } from './command-line/extract-actions.js';
import { interopActions } from './command-line/interop-actions.js';
import type { KeysActions } from './command-line/keys.js';
import { type InProject, manifestActions } from './command-line/manifest-actions.js';
import { parcelActions } from './command-line/parcel-actions.js';
import { publishingActions } from './command-line/publishing-actions.js';
import { residualActions } from './command-line/residual.js';
import { reviewActions } from './command-line/review-actions.js';
import { rightsActions } from './command-line/rights-actions.js';
import { upkeepActions } from './command-line/upkeep-actions.js';
import type { Effects } from './effects.js';
import type { Actions, PartnerOptions } from './program.js';
import type { Project } from './project/project.js';

/** The commands over one set of effects. */
export function actionsOver(effects: () => Promise<Effects>): Actions {
  const inProject = async (pipeline: string, work: (project: Project, effects: Effects) => Promise<void>) => {
    const { openProject } = await import('./project/project.js');
    const around = await effects();
    await work(await openProject(pipeline, around), around);
  };
  const stage = (pipeline: string, only: PartnerOptions, name: StageCommand) =>
    inProject(pipeline, async (project, around) => {
      const { runStageCommand } = await import('./commands/stage.js');
      await runStageCommand({ name, partner: only.partner }, project, around);
    });
  return {
    ...agreementActions(inProject, effects),
    ...assessActions(effects),
    ...exploreActions(effects),
    ...extractActions(effects),
    ...manifestActions(inProject, effects),
    ...deliveryActions(inProject),
    ...interopActions(inProject),
    ...parcelActions(inProject),
    ...publishingActions(inProject),
    ...rightsActions(inProject, effects),
    ...residualActions(inProject),
    ...reviewActions(inProject),
    ...upkeepActions(inProject, effects),
    init: async (folder, options) => {
      const { init } = await import('./commands/init.js');
      await init(folder, options, await effects());
    },
    ...keysOver(inProject, effects),
    check: (pipeline) =>
      inProject(pipeline, async (project, around) => {
        const { check } = await import('./commands/check.js');
        await check(project, around);
      }),
    ingest: (pipeline, options) => stage(pipeline, options, 'ingest'),
    tokenize: (pipeline, options) => stage(pipeline, options, options.plan === true ? 'plan' : 'tokenize'),
    gate: (pipeline) => stage(pipeline, {}, 'gate'),
    link: (pipeline) => stage(pipeline, {}, 'link'),
    measure: (pipeline) => stage(pipeline, {}, 'measure'),
    run: (pipeline, { plan }) =>
      inProject(pipeline, async (project, around) => {
        if (plan === true) await (await import('./commands/plan-night.js')).planNight(project, around);
        else await (await import('./commands/night.js')).night(project, around);
      }),
    status: (pipeline, { json }) =>
      inProject(pipeline, async (project, around) => {
        const { status } = await import('./commands/status.js');
        await status(project, json === true, around);
      }),
    report: (pipeline, options) =>
      inProject(pipeline, async (project, around) => {
        const { report } = await import('./commands/report.js');
        await report(project, options.out, around);
      }),
    canaries: (pipeline, options) =>
      inProject(pipeline, async (project, around) => {
        const { canaries } = await import('./commands/canaries.js');
        await canaries(project, options, around);
      }),
    compare: async (later, earlier) => {
      const { compare } = await import('./commands/compare.js');
      await compare(later, earlier, await effects());
    },
    demo: async (options) => {
      const { demo } = await import('./commands/demo.js');
      await demo(options, await effects());
    },
    auditRelease: async (folder, options) => {
      const { audit } = await import('./commands/audit.js');
      await audit(folder, options, await effects());
    },
    evaluateLinkage: async (config, options) => {
      const { evaluateLinkageCommand } = await import('./commands/evaluate-linkage.js');
      await evaluateLinkageCommand(config, options, await effects());
    },
    evaluateDisclosure: async (config, options) => {
      const { disclosure } = await import('./commands/evaluate.js');
      await disclosure(config, options, await effects());
    },
    logVerify: async (pipeline, options) => {
      const { logVerify } = await import('./commands/log.js');
      await logVerify(pipeline, options, await effects());
    },
    logShow: async (pipeline, options) => {
      const { logShow } = await import('./commands/log.js');
      await logShow(pipeline, options, await effects());
    },
    logWitness: async (pipeline, options) => {
      const { logWitness } = await import('./commands/log.js');
      await logWitness(pipeline, options, await effects());
    },
  };
}

export type StageCommand = 'ingest' | 'tokenize' | 'plan' | 'gate' | 'link' | 'measure';

/** The commands of keys; what they need is imported when one runs. */
function keysOver(inProject: InProject, effects: () => Promise<Effects>): KeysActions {
  const keys = () => import('./commands/keys.js');
  return {
    keysCreate: (pipeline) => inProject(pipeline, async (...around) => (await keys()).keysCreate(...around)),
    keysHost: async (folder) => (await keys()).keysHost(folder, await effects()),
    keysIssue: (pipeline, options) =>
      inProject(pipeline, async (project, effects) => (await keys()).keysIssue(project, options, effects)),
    keysReceive: (pipeline, options) =>
      inProject(pipeline, async (project, effects) => (await keys()).keysReceive(project, options, effects)),
    keysCheck: (pipeline, options) =>
      inProject(pipeline, async (project, effects) => (await keys()).keysCheck(project, options, effects)),
    keysRotate: (pipeline) => inProject(pipeline, async (...around) => (await keys()).keysRotate(...around)),
    keysRevoke: (pipeline, options) =>
      inProject(pipeline, async (project, effects) => (await keys()).keysRevoke(project, options, effects)),
  };
}
