/** What opens over the page, one at a time. */
import type { ReactNode } from 'react';
import { useSession } from '../../state/session';
import { ModelDialog } from '../models/model-dialog';
import { ModelsEyeDialog } from '../models/models-eye-dialog';
import { TryChangeDialog } from '../models/try-change-dialog';
import { AboutDialog } from './about-dialog';
import { BackupsDialog } from './backups-dialog';
import { CategoriesDialog } from './categories-dialog';
import './dialogs.css';
import { ExportDialog } from './export-dialog';
import { FindImage } from './find-image';
import { Palette } from './palette';
import { RelinkDialog } from './relink-dialog';
import { ReportDialog } from './report-dialog';
import { RunsDialog } from './runs-dialog';
import { SettingsDialog } from './settings-dialog';
import { ShortcutSheet } from './shortcut-sheet';
import { UndoImportDialog } from './undo-import-dialog';

export function Dialogs(): ReactNode {
  const overlay = useSession((session) => session.overlay);
  const setOverlay = useSession((session) => session.setOverlay);
  const close = () => setOverlay(null);
  switch (overlay) {
    case 'palette':
      return <Palette onClose={close} />;
    case 'find':
      return <FindImage onClose={close} />;
    case 'shortcuts':
      return <ShortcutSheet onClose={close} />;
    case 'settings':
      return <SettingsDialog onClose={close} />;
    case 'about':
      return <AboutDialog onClose={close} />;
    case 'export':
      return <ExportDialog onClose={close} />;
    case 'runs':
      return <RunsDialog onClose={close} />;
    case 'categories':
      return <CategoriesDialog onClose={close} />;
    case 'relink':
      return <RelinkDialog onClose={close} />;
    case 'undoImport':
      return <UndoImportDialog onClose={close} />;
    case 'backups':
      return <BackupsDialog onClose={close} />;
    case 'model':
      return <ModelDialog onClose={close} />;
    case 'modelsEye':
      return <ModelsEyeDialog onClose={close} />;
    case 'modelChange':
      return <TryChangeDialog onClose={close} />;
    case 'report':
      return <ReportDialog onClose={close} />;
    case null:
      return null;
  }
}
