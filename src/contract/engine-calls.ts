/** What the window asks of the engine, over its own message port. */
import { z } from 'zod';
import type {
  BackupSummary,
  EditAcknowledged,
  ExportPlan,
  GallerySummary,
  HistoryEntry,
  ImageDetail,
  ImageKey,
  PointCounts,
  ProjectState,
  RunId,
  SavedView,
  ScoreState,
  Tile,
} from './view-types';
import type { ImportPlan } from './import-view';
import type {
  ChangedAnnotation,
  MetricDifference,
  MetricsAnalysis,
  PointIntervals,
  PrecisionRecallCurve,
  ProtocolColumn,
  RunComparison,
  ScoreIntervals,
  TideErrors,
} from './metrics-view';
import { EXPORT_FORMATS } from './export-formats';
import type { ModelsEye, ModelView } from './model-view';
import { modelChoiceSchema } from './model-view';
import { REVIEW_STATUSES } from './view-types';
import { CONVENTION_VALUES } from '../core/formats/conventions/box-convention';
import { CHANGES } from '../core/metrics/analysis/changes';
import { SLICES_BY } from '../core/metrics/analysis/slices';
import { LIVE_PROTOCOLS, PROTOCOLS } from '../core/metrics/evaluation';
import { TIDE_BARS } from '../core/metrics/tide/tide-errors';
import type { Interval } from '../core/metrics/bootstrap/intervals';
import { ALL_CAUSES } from '../core/diagnosis/cause';
import type { CallReply } from './call';
import type { DataView } from './data-view';
import { behindDataSchema } from './behind-data';
import { modelInputSchema, trainingChoiceSchema } from './data-view';
import type { DiagnosisView, TrendPoint } from './diagnosis-view';
import { CAUSE_STATES } from './diagnosis-view';
import type { DismissalTarget, FixQueueView, FixState } from './fix-view';
import type { TrainingsView } from './training-view';
import { call } from './call';
import { modelCalls } from './model-calls';

const path = z.string().min(1).max(4096);
const paths = z.array(path).min(1).max(1000);
/** Chosen by the caller; names the work in `job.progressed` and `job.cancel`. */
const job = z.string().min(1).max(64);
const key = z.int().nonnegative();
const run = key;
const protocol = z.enum(LIVE_PROTOCOLS);
const fraction = z.number().min(0).max(1);
const point = z.object({ iou: fraction, score: fraction });
const name = z.string().trim().min(1).max(200);
const finite = z.number().refine(Number.isFinite);
const size = finite.refine((value) => value > 0, 'must be greater than 0');
const box = z.tuple([finite, finite, size, size]);

const outcome = z.enum([
  'true-positive',
  'false-positive',
  'wrong-class',
  'loose-box',
  'duplicate',
  'ignored',
  'miss',
]);
const tileFilter = z.object({
  outcomes: z.array(outcome).readonly().nullable(),
  categories: z.array(z.int()).readonly().nullable(),
  sizes: z
    .array(z.enum(['small', 'medium', 'large']))
    .readonly()
    .nullable(),
  statuses: z.array(z.enum(REVIEW_STATUSES)).readonly().nullable(),
  confidence: z.tuple([fraction, fraction]).readonly().nullable(),
  text: z.string().max(500),
});
/** What is scored; null: everything. */
const part = z
  .object({
    categories: z.array(z.int()).min(1).readonly().nullable(),
    subset: z.string().max(200).nullable(),
    images: z.object({ run: run.nullable(), point, filter: tileFilter }).nullable(),
  })
  .nullable();
const behind = z.object({
  protocol,
  part,
  of: z.enum(['annotations', 'predictions']).nullable(),
  cell: z.object({ truth: z.int().nullable(), predicted: z.int().nullable() }).nullable(),
  slice: z.object({ by: z.enum(SLICES_BY), index: key }).nullable(),
  error: z.enum(TIDE_BARS).nullable(),
});
export const galleryQuerySchema = z.object({
  kind: z.enum(['failures', 'images']),
  run: run.nullable(),
  protocol: protocol.optional(),
  point,
  filter: tileFilter.extend({ behind: behind.nullish(), data: behindDataSchema.nullish() }),
  sort: z.enum(['gain', 'failures', 'confidence', 'name', 'iou', 'size']),
  descending: z.boolean(),
});

/** One change to the project; a step is a list of them, all or none. Images by key, classes by id. */
export const operationSchema = z.union([
  z.object({
    add: z.object({
      image: key,
      category: z.int(),
      box,
      difficult: z.boolean().optional(),
      crowd: z.boolean().optional(),
    }),
  }),
  z.object({
    change: z.object({
      annotation: z.int(),
      box: box.optional(),
      category: z.int().optional(),
      difficult: z.boolean().optional(),
      crowd: z.boolean().optional(),
    }),
  }),
  z.object({ delete: z.object({ annotation: z.int() }) }),
  z.object({ accept: z.object({ run, prediction: key }) }),
  z.object({ replace: z.object({ annotation: z.int(), run, prediction: key }) }),
  z.object({
    review: z.object({
      image: key,
      status: z.enum(REVIEW_STATUSES).optional(),
      note: z.string().max(10_000).optional(),
    }),
  }),
  /** The verdict on one failure tile: a prediction (by run and index) or an annotation. */
  z.object({
    judge: z.object({
      target: z.union([z.object({ run, prediction: key }), z.object({ annotation: z.int() })]),
      status: z.enum(REVIEW_STATUSES),
    }),
  }),
  z.object({ renameCategory: z.object({ category: z.int(), name }) }),
]);
export type Operation = z.infer<typeof operationSchema>;

const anyProtocol = z.object({
  job,
  run,
  protocol: z.enum(PROTOCOLS),
  asTensorflow2ReportsIt: z.boolean(),
  part,
});
const conventionSchema = z.object({
  layout: z.enum(CONVENTION_VALUES.layout).optional(),
  units: z.enum(CONVENTION_VALUES.units).optional(),
  origin: z.literal(CONVENTION_VALUES.origin).optional(),
  far: z.enum(CONVENTION_VALUES.far).optional(),
  pixels: z.enum(CONVENTION_VALUES.pixels).optional(),
});
/** All of it, as it is, where absent. */
const exportChoice = z
  .object({
    subset: z.string().max(200).nullable(),
    reviewedOnly: z.boolean(),
    classOrder: z.array(z.string().max(1000)).max(100_000).readonly(),
    split: z
      .object({
        shares: z
          .array(z.object({ name: z.string().regex(/^[\w.-]{1,100}$/), share: size }))
          .min(1)
          .max(100)
          .readonly(),
        seed: key,
      })
      .nullable(),
  })
  .optional();
const shownScore = z.object({ run, protocol }).nullable();
const importSources = {
  job,
  paths,
  /** Recognised sources to leave out ("not this"), by path. */
  exclude: z.array(path).max(1000),
  subset: z.string().max(200).nullable(),
  images: path.nullable(),
  labelMap: path.nullable(),
  /** What boxes' numbers mean, where the files leave it open; the rest is as they tell. */
  conventions: z.object({ truth: conventionSchema, predictions: conventionSchema }).optional(),
  /** Classes by the name in the files: what they are called in the project; null leaves one out. */
  classes: z.record(z.string().max(1000), name.nullable()).optional(),
  /** Into the labels that the open project has; where absent, labels are put in anew. */
  update: z
    .object({ how: z.enum(['add', 'update']), overwriteEdits: z.boolean(), removeMissing: z.boolean() })
    .nullish(),
};

export const engineCalls = {
  ...modelCalls,
  /** null where no project is open. */
  'project.state': call<ProjectState | null>()(z.object({})),
  'project.create': call<ProjectState>()(z.object({ path })),
  'project.open': call<ProjectState>()(z.object({ path })),
  /** Opens the sample project, making it from the sample's files the first time. */
  'project.openSample': call<ProjectState>()(z.object({ job })),
  'project.close': call<null>()(z.object({})),
  'project.saveCopy': call<{ path: string }>()(z.object({ path, job })),

  /** Copies of a project, newest first; null: of the open one. */
  'backups.list': call<BackupSummary[]>()(z.object({ path: path.nullable() })),
  /** Puts a copy beside the project and opens it; the project itself stays as it is. */
  'backups.restore': call<ProjectState>()(z.object({ path: path.nullable(), name })),

  /** A dry run: recognises, reads and joins; writes nothing. `into`: the open project gets them (else a new one). */
  'import.examine': call<ImportPlan>()(z.object({ ...importSources, into: z.boolean() })),
  /** `project`: where to make the new project; null imports into the open one. */
  'import.run': call<ProjectState>()(
    z.object({ ...importSources, project: path.nullable(), runName: name.nullable(), replace: z.boolean() }),
  ),
  'job.cancel': call<null>()(z.object({ job })),

  'runs.rename': call<ProjectState>()(z.object({ run, name })),
  'runs.remove': call<ProjectState>()(z.object({ run })),
  'views.save': call<SavedView>()(z.object({ name, query: galleryQuerySchema })),
  'views.remove': call<null>()(z.object({ view: key })),

  'gallery.query': call<GallerySummary>()(galleryQuerySchema),
  'gallery.window': call<Tile[]>()(z.object({ query: key, from: key, count: z.int().min(1).max(500) })),
  /** Images of the query in its order (each once), for next/previous in the image view. */
  'gallery.images': call<ImageKey[]>()(z.object({ query: key })),

  'image.detail': call<ImageDetail>()(
    z.object({ image: key, run: run.nullable(), protocol: protocol.optional(), point }),
  ),
  /** Why a picture cannot be shown, and what can be done; null where it can. */
  'image.problem': call<{ message: string; next: string } | null>()(z.object({ image: key })),
  /** Images whose name holds the text, best first. */
  'image.find': call<{ image: ImageKey; name: string }[]>()(
    z.object({ text: z.string().max(500), limit: z.int().min(1).max(200) }),
  ),
  'images.relink': call<{ found: number; missing: number }>()(z.object({ job, directory: path })),

  'edit.apply': call<EditAcknowledged>()(
    z.object({ operations: z.array(operationSchema).min(1).max(100_000), shown: shownScore }),
  ),
  /** The headline number as it would be; nothing is kept. */
  'edit.preview': call<{ value: number | null }>()(
    z.object({ operations: z.array(operationSchema).min(1).max(100), run, protocol }),
  ),
  'edit.undo': call<EditAcknowledged | null>()(z.object({ shown: shownScore })),
  'edit.redo': call<EditAcknowledged | null>()(z.object({ shown: shownScore })),
  /** Newest first. */
  'history.page': call<HistoryEntry[]>()(
    z.object({ before: key.nullable(), count: z.int().min(1).max(500) }),
  ),

  'score.current': call<ScoreState>()(z.object({ run, protocol })),
  'score.counts': call<PointCounts>()(z.object({ run, protocol, point })),

  /** All numbers under any protocol; one that does not follow edits is evaluated anew. */
  'metrics.protocol': call<ProtocolColumn>()(anyProtocol),
  'metrics.analysis': call<MetricsAnalysis>()(z.object({ run, protocol, point, part })),
  /** At an IoU; null: the mean over COCO's ten. */
  'metrics.curves': call<PrecisionRecallCurve[]>()(
    z.object({
      run,
      protocol,
      part,
      iou: fraction.nullable(),
      categories: z.array(z.int()).max(48).readonly(),
    }),
  ),
  'metrics.errors': call<TideErrors>()(z.object({ job, run, part })),
  'metrics.intervals': call<ScoreIntervals>()(anyProtocol),
  'metrics.pointIntervals': call<PointIntervals>()(z.object({ job, run, protocol, point, part })),
  'metrics.errorIntervals': call<Record<string, Interval | null>>()(z.object({ job, run, part })),

  'compare.runs': call<RunComparison>()(z.object({ first: run, second: run, protocol, point, part })),
  'compare.intervals': call<MetricDifference[]>()(z.object({ job, first: run, second: run, protocol, part })),
  /** A window of the changed annotations. */
  'compare.queue': call<{ total: number; rows: ChangedAnnotation[] }>()(
    z.object({
      first: run,
      second: run,
      protocol,
      point,
      part,
      changes: z.array(z.enum(CHANGES)).max(CHANGES.length).readonly(),
      from: key,
      count: z.int().min(1).max(500),
    }),
  ),

  /** Repairs are tried on copies and scored again; nothing is changed. `again`: although an answer is known. */
  'causes.diagnose': call<DiagnosisView>()(
    z.object({ job, run, protocol, category: z.int().nullable(), again: z.boolean() }),
  ),
  /** The score step by step, with the bill of each diagnosis that was made; oldest first. */
  'causes.trend': call<TrendPoint[]>()(z.object({ run, protocol })),
  /** The diagnosis as one HTML document that needs nothing besides itself. */
  'causes.report': call<{ html: string }>()(
    z.object({
      job,
      run,
      protocol,
      category: z.int().nullable(),
      hasNames: z.boolean(),
      hasPictures: z.boolean(),
    }),
  ),
  'causes.setState': call<null>()(z.object({ run, code: z.enum(ALL_CAUSES), state: z.enum(CAUSE_STATES) })),
  /** Which training the run comes from, by its name in the logs that the project remembers; null: none of them. */
  'causes.setTraining': call<null>()(z.object({ run, training: z.string().max(4096).nullable() })),
  /** Makes another run with the repair of a cause applied, as a step that undo takes back. */
  'causes.repair': call<{ run: RunId; name: string; project: ProjectState }>()(
    z.object({ job, run, protocol, code: z.enum(ALL_CAUSES) }),
  ),
  /** Suspect labels by what mending each is expected to gain; nothing is changed. `again`: although a queue is known. */
  'fixes.find': call<FixQueueView>()(z.object({ job, run, protocol, again: z.boolean() })),
  /** What became of the suspects of the queue that was made last; null where none is known of that run and protocol. */
  'fixes.states': call<FixState[] | null>()(z.object({ run, protocol })),
  /** The verdicts that hold a suspect of that queue dismissed. `place`: its place in the queue. */
  'fixes.dismissals': call<DismissalTarget[]>()(z.object({ run, protocol, place: key })),
  /** What the data looks like, beside the training set that the project knows. `again`: the training set is read anew. */
  'data.profile': call<DataView>()(z.object({ job, run: run.nullable(), protocol, again: z.boolean() })),
  /** Remembers which set the model was trained on; it is read first. Null: none is known. */
  'data.chooseTraining': call<null>()(z.object({ job, choice: trainingChoiceSchema.nullable() })),
  'data.chooseInput': call<null>()(z.object({ input: modelInputSchema })),
  /** Trainings below a folder; null: the one that the project remembers. Null where it remembers none. */
  'training.read': call<TrainingsView | null>()(z.object({ job, folder: path.nullable() })),

  /** Whether what lies there is a model (and no data to import). */
  'model.recognise': call<boolean>()(z.object({ path })),
  /** Path of the model that ships with the sample, where the sample is open; else null. */
  'model.ofSample': call<string | null>()(z.object({})),
  /** What a model is and how it is read, with the evidence and what was decided about it before; project or not. */
  'model.understand': call<ModelView>()(modelChoiceSchema),
  /** An image's pixels as the network gets them, and its objects' sizes there. */
  'model.eye': call<ModelsEye>()(modelChoiceSchema.extend({ image: key })),

  'export.plan': call<ExportPlan>()(z.object({ format: z.enum(EXPORT_FORMATS), choice: exportChoice })),
  'export.run': call<{ path: string; images: number; annotations: number }>()(
    z.object({
      job,
      format: z.enum(EXPORT_FORMATS),
      path,
      allowLoss: z.boolean(),
      copyImages: z.boolean(),
      choice: exportChoice,
    }),
  ),
  'export.failures': call<{ path: string; rows: number }>()(z.object({ query: key, path })),
  'export.overlays': call<{ path: string; images: number }>()(z.object({ job, query: key, directory: path })),
} as const;

export type EngineCalls = typeof engineCalls;

/** Events the engine sends to the window. */
export interface EngineEvents {
  'job.progressed': {
    job: string;
    stage: string;
    done: number;
    total: number | null;
    perSecond: number | null;
    secondsLeft: number | null;
  };
  /** What a diagnosis that still runs knows so far. */
  'causes.found': { job: string; view: DiagnosisView };
  'project.changed': ProjectState | null;
  /** Scores may have moved (an edit, an import, a rename). */
  'score.changed': { images: readonly ImageKey[] };
}

/** Messages on the window's port. Requests are numbered by the window. */
export interface EngineRequest {
  readonly id: number;
  readonly name: string;
  readonly args: unknown;
}
export type EngineMessage =
  | { readonly kind: 'reply'; readonly id: number; readonly reply: CallReply }
  | {
      [K in keyof EngineEvents]: { readonly kind: 'event'; readonly name: K; readonly data: EngineEvents[K] };
    }[keyof EngineEvents];
