/** What the window remembers of the open project and of where the user is, and what can be asked of it. */
import type { EngineEvents, Operation } from '../../contract/engine-calls';
import type {
  EditAcknowledged,
  ImageKey,
  LabelSource,
  ProjectState,
  RunId,
  ScoreState,
  Settings,
} from '../../contract/view-types';
import type { ImportHow } from '../../contract/import-view';
import type { OperatingPoint, LiveProtocol } from '../../core/metrics/evaluation';

export type Section =
  | 'start'
  | 'import'
  | 'causes'
  | 'fixes'
  | 'failures'
  | 'images'
  | 'image'
  | 'metrics'
  | 'compare'
  | 'data'
  | 'training'
  | 'history';
export type Overlay =
  | 'palette'
  | 'shortcuts'
  | 'settings'
  | 'about'
  | 'find'
  | 'export'
  | 'runs'
  | 'categories'
  | 'relink'
  | 'undoImport'
  | 'backups'
  | 'model'
  | 'modelsEye'
  | 'modelChange'
  | 'report'
  | null;

/** What the image view is opened about. */
export interface Focus {
  readonly annotation: number | null;
  readonly prediction: number | null;
}

export interface BannerMessage {
  readonly id: number;
  readonly tone: 'danger' | 'caution' | 'info';
  readonly title: string;
  readonly detail: string;
  /** The way out, where there is one. */
  readonly action?: MessageAction;
}

export interface MessageAction {
  readonly label: string;
  readonly run: () => void;
}

export interface ToastMessage {
  readonly text: string;
  readonly action: MessageAction | null;
}

export interface ImportStart {
  /** null: as the sources and the open project ask for. */
  readonly how: ImportHow | null;
  readonly source: Omit<LabelSource, 'paths'> | null;
}

export interface JobState extends Partial<EngineEvents['job.progressed']> {
  readonly job: string;
  readonly title: string;
}

export interface SessionState {
  readonly project: ProjectState | null;
  readonly run: RunId | null;
  readonly protocol: LiveProtocol;
  readonly point: OperatingPoint;
  readonly score: ScoreState | null;
  /** The headline number as it would be, while a box is dragged; null while nothing is. */
  readonly preview: number | null;
  readonly saveState: 'saved' | 'saving' | 'failed';
  readonly savedAt: string | null;
  readonly section: Section;
  /** Where the image view goes back to. */
  readonly gallery: 'causes' | 'fixes' | 'failures' | 'images' | 'compare';
  readonly overlay: Overlay;
  readonly image: ImageKey | null;
  readonly imageQueue: readonly ImageKey[];
  readonly focus: Focus | null;
  readonly settings: Settings;
  readonly banners: readonly BannerMessage[];
  readonly toast: ToastMessage | null;
  readonly jobs: readonly JobState[];
  /** Paths to import: dropped, chosen or given. */
  readonly importPaths: readonly string[];
  /** How the import begins: into the open project in a certain way, and with what was chosen before. */
  readonly importStart: ImportStart;
  /** Counts changes of the labels: galleries ask again. */
  readonly revision: number;
  readonly lastQuery: number | null;
  /** Name of a saved view that is to be shown; the gallery takes it. */
  readonly wantedView: string | null;
  /** Project whose backups are shown; null: the open one's. */
  readonly backupsOf: string | null;

  setSection: (section: Section) => void;
  setOverlay: (overlay: Overlay) => void;
  setRun: (run: RunId) => void;
  setProtocol: (protocol: LiveProtocol) => void;
  setPoint: (point: OperatingPoint) => void;
  openImage: (
    image: ImageKey,
    options?: { readonly queue?: readonly ImageKey[]; readonly focus?: Focus | null },
  ) => void;
  closeImage: () => void;
  applyOperations: (operations: readonly Operation[], label?: string) => Promise<EditAcknowledged | null>;
  /** Shows in `preview` what the operations would do; none takes that back. */
  previewOperations: (operations: readonly Operation[]) => Promise<void>;
  /** Asks first where nothing would be left. */
  undo: () => Promise<void>;
  undoWithoutAsking: () => Promise<void>;
  redo: () => Promise<void>;
  refreshScore: () => Promise<void>;
  adopt: (project: ProjectState | null) => void;
  showFailure: (error: unknown) => void;
  showBanner: (banner: Omit<BannerMessage, 'id'>) => void;
  dismissBanner: (id: number) => void;
  showToast: (text: string, action?: MessageAction) => void;
  dismissToast: () => void;
  startImport: (paths: readonly string[], start?: ImportStart) => void;
  /** Runs work as a job: its progress is shown, it can be cancelled, its failure is told. Null where it failed. */
  runJob: <T>(title: string, work: (job: string) => Promise<T>) => Promise<T | null>;
}
