/** The frame: top bar, rail, page, status bar, and what floats over them. */
import {
  ChartSpline,
  CircleAlert,
  Download,
  GalleryThumbnails,
  History,
  Image,
  Info,
  TriangleAlert,
  X,
} from 'lucide-react';
import type { ComponentType, ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { Dialogs } from '../features/dialogs/dialogs';
import { GalleryPage } from '../features/gallery/gallery-page';
import { HistoryPage } from '../features/history/history-page';
import { ImagePage } from '../features/image/image-page';
import { MetricsPage } from '../features/metrics/metrics-page';
import { ImportPage } from '../features/start/import-page';
import { StartPage } from '../features/start/start-page';
import { engine } from '../state/engine-client';
import type { Section } from '../state/session';
import { useSession } from '../state/session';
import { Kbd } from '../ui/kbd';
import { count, seconds } from '../ui/number-text';
import { useAppActions } from './app-actions';
import { TopBar } from './top-bar';
import { runAction } from './use-action';
import { useTheme } from './use-theme';

export function Shell(): ReactNode {
  useTheme();
  useAppActions();
  const section = useSession((session) => session.section);
  const hasProject = useSession((session) => session.project !== null);
  const hasRail = hasProject && section !== 'start' && section !== 'import';
  const isDragging = useDrop();
  return (
    <div className="app" data-rail={hasRail}>
      <TopBar />
      {hasRail && <Rail />}
      <main className="main" tabIndex={-1}>
        <Banners />
        <div className="page">
          <Page section={section} />
        </div>
      </main>
      <StatusBar />
      <Dialogs />
      <Toast />
      {isDragging && (
        <div className="drop-veil">Drop to import: nothing is written before you have seen what it is</div>
      )}
    </div>
  );
}

function Page({ section }: { readonly section: Section }): ReactNode {
  switch (section) {
    case 'start':
      return <StartPage />;
    case 'import':
      return <ImportPage />;
    case 'failures':
      return <GalleryPage key="failures" kind="failures" />;
    case 'images':
      return <GalleryPage key="images" kind="images" />;
    case 'image':
      return (
        <>
          <h1 className="visually-hidden">Image</h1>
          <ImagePage />
        </>
      );
    case 'metrics':
      return <MetricsPage />;
    case 'history':
      return <HistoryPage />;
  }
}

const SECTIONS: readonly {
  readonly section: Section;
  readonly label: string;
  readonly icon: ComponentType<{ size?: number }>;
}[] = [
  { section: 'failures', label: 'Failures', icon: GalleryThumbnails },
  { section: 'images', label: 'Images', icon: Image },
  { section: 'metrics', label: 'Metrics', icon: ChartSpline },
];

function Rail(): ReactNode {
  const section = useSession((session) => session.section);
  const gallery = useSession((session) => session.gallery);
  const setSection = useSession((session) => session.setSection);
  const current = section === 'image' ? gallery : section;
  const entry = (to: Section, label: string, Icon: ComponentType<{ size?: number }>) => (
    <button
      key={to}
      type="button"
      aria-current={current === to ? 'page' : undefined}
      onClick={() => setSection(to)}
    >
      <Icon size={20} />
      {label}
    </button>
  );
  return (
    <nav className="rail" aria-label="Sections">
      {SECTIONS.map(({ section: to, label, icon }) => entry(to, label, icon))}
      <span className="grow" />
      {entry('history', 'History', History)}
      <button type="button" onClick={() => runAction('export.labels')}>
        <Download size={20} />
        Export
      </button>
    </nav>
  );
}

const BANNER_ICONS = { danger: CircleAlert, caution: TriangleAlert, info: Info } as const;

function Banners(): ReactNode {
  const banners = useSession((session) => session.banners);
  const dismiss = useSession((session) => session.dismissBanner);
  return (
    <>
      {banners.map(({ id, tone, title, detail }) => {
        const Icon = BANNER_ICONS[tone];
        return (
          <div key={id} className={`banner ${tone}`} role="alert">
            <Icon size={18} aria-hidden="true" />
            <div className="grow">
              <b>{title}</b>
              {detail !== '' && <p>{detail}</p>}
            </div>
            <button
              type="button"
              className="bar-button icon"
              aria-label="Dismiss"
              onClick={() => dismiss(id)}
            >
              <X size={16} />
            </button>
          </div>
        );
      })}
    </>
  );
}

const HINTS: Readonly<Partial<Record<Section, readonly (readonly [string, string])[]>>> = {
  start: [
    ['Mod+O', 'import a folder'],
    ['Mod+N', 'new project'],
  ],
  failures: [
    ['E', 'open'],
    ['Enter', 'accept'],
    ['X', 'dismiss'],
    ['Space', 'select'],
  ],
  images: [
    ['E', 'open'],
    ['G', 'failures'],
  ],
  image: [
    ['Shift+ArrowRight', 'next failure'],
    ['Enter', 'accept'],
    ['W', 'draw'],
  ],
};

function StatusBar(): ReactNode {
  const section = useSession((session) => session.section);
  const project = useSession((session) => session.project);
  return (
    <footer className="statusbar">
      {section === 'image' ? (
        // The image view writes here what its tools and arrows do.
        <div id="status-slot" />
      ) : project && section !== 'start' ? (
        <span>
          <b>{count(project.images)}</b> images, <b>{count(project.annotations)}</b> boxes
          {project.missingImages > 0 && `, ${count(project.missingImages)} image files missing`}
        </span>
      ) : (
        <b>Ready</b>
      )}
      <Jobs />
      <span className="grow" />
      {(HINTS[section] ?? []).map(([key, what]) => (
        <span key={key} className="hint">
          <Kbd of={key} /> {what}
        </span>
      ))}
      <button type="button" className="hint" onClick={() => runAction('help.shortcuts')}>
        <Kbd of="?" /> all keys
      </button>
    </footer>
  );
}

function Jobs(): ReactNode {
  const jobs = useSession((session) => session.jobs);
  return (
    <>
      {jobs.map(({ job, title, stage, done, total, perSecond, secondsLeft }) => (
        <span key={job} className="job" role="status">
          {stage ?? title}
          {total ? <progress max={total} value={done ?? 0} aria-label={title} /> : null}
          {total ? `${count(done ?? 0)} of ${count(total)}` : ''}
          {perSecond ? `, ${count(Math.round(perSecond))} a second` : ''}
          {secondsLeft ? `, ${seconds(secondsLeft)} left` : ''}
          <button type="button" onClick={() => void engine('job.cancel', { job })}>
            Cancel
          </button>
        </span>
      ))}
    </>
  );
}

function Toast(): ReactNode {
  const toast = useSession((session) => session.toast);
  return (
    <div className="toast-place" role="status" aria-live="polite">
      {toast !== null && <div className="toast">{toast}</div>}
    </div>
  );
}

/** Files and folders dropped anywhere. */
function useDrop(): boolean {
  const [isOver, setIsOver] = useState(false);
  const startImport = useSession((session) => session.startImport);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setIsOver(false);
      const paths = [...(event.dataTransfer?.files ?? [])]
        .map((file) => window.reticle.pathOfFile(file))
        .filter((path) => path !== '');
      if (paths.length > 0) startImport(paths);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [startImport]);
  return isOver;
}
