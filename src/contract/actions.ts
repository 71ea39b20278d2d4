/**
 * Every action of the app, once: its name, its key, its menu and where it applies. The menu (main), the command palette,
 * the shortcut sheet and the key handler (window) all read this table; a test holds that a key has one meaning in one
 * place.
 *
 * Keys: `Mod` is Ctrl (Cmd on macOS). Names of keys are those of `KeyboardEvent.key`, letters in upper case.
 */
export const ACTION_SCOPES = [
  'everywhere',
  'project',
  'gallery',
  'image',
  'scores',
  'compare',
  'training',
  'causes',
  'import',
  'fixes',
  'data',
] as const;
export type ActionScope = (typeof ACTION_SCOPES)[number];

export const MENUS = ['File', 'Edit', 'View', 'Go', 'Box', 'Help'] as const;
export type MenuName = (typeof MENUS)[number];

export interface ActionDefinition {
  readonly title: string;
  readonly menu: MenuName;
  /** First is shown; all work. */
  readonly keys: readonly string[];
  /**
   * Where its keys act: an open project, the gallery, the image view, Metrics and Compare (`scores`), Compare. The palette
   * shows it where it can act.
   */
  readonly scope: ActionScope;
}

const define = (menu: MenuName, scope: ActionScope, title: string, ...keys: string[]): ActionDefinition => ({
  title,
  menu,
  keys,
  scope,
});

export const ACTIONS = {
  'project.new': define('File', 'everywhere', 'New project', 'Mod+N'),
  'project.open': define('File', 'everywhere', 'Open a project', 'Mod+Shift+O'),
  'project.openSample': define('File', 'everywhere', 'Open the sample project'),
  'import.folder': define('File', 'everywhere', 'Import a folder', 'Mod+O'),
  'import.files': define('File', 'everywhere', 'Import files'),
  'import.add': define('File', 'project', 'Add a dataset to the project', 'Mod+Shift+A'),
  'import.update': define('File', 'project', 'Update the labels from their files', 'Mod+U'),
  'import.replace': define('File', 'project', 'Exchange the labels for others', 'Mod+Shift+U'),
  'import.start': define('File', 'import', 'Import what is shown', 'Mod+Enter'),
  'import.suggested': define('File', 'import', 'Read the boxes as suggested', 'S'),
  'import.otherImages': define('View', 'import', 'Other images of the preview', 'O'),
  'import.run': define('File', 'project', 'Add a run of predictions'),
  'training.open': define('File', 'project', 'Read the logs of a training'),
  'data.trainingFolder': define('File', 'project', 'Training set: choose its folder'),
  'data.trainingFile': define('File', 'project', 'Training set: choose its file'),
  'model.open': define('File', 'everywhere', 'Run a model', 'Mod+Shift+R'),
  'project.saveCopy': define('File', 'project', 'Save a copy', 'Mod+Shift+S'),
  'project.backups': define('File', 'project', 'Backups'),
  'export.labels': define('File', 'project', 'Export labels', 'Mod+E'),
  'export.failures': define('File', 'project', 'Export the shown failures as CSV'),
  'export.overlays': define('File', 'project', 'Export the shown images with overlays as PNG'),
  'causes.report': define('File', 'project', 'Write a report of the causes', 'Mod+Shift+E'),
  'images.relink': define('File', 'project', 'Find moved images'),
  'project.close': define('File', 'project', 'Close the project', 'Mod+W'),
  'app.quit': define('File', 'everywhere', 'Quit', 'Mod+Q'),

  'edit.undo': define('Edit', 'project', 'Undo', 'Mod+Z'),
  'edit.redo': define('Edit', 'project', 'Redo', 'Mod+Shift+Z', 'Mod+Y'),
  'project.history': define('Edit', 'project', 'Show the history', 'Mod+H'),
  'runs.manage': define('Edit', 'project', 'Rename or remove runs'),
  'categories.manage': define('Edit', 'project', 'Rename classes'),
  'scores.copyTable': define('Edit', 'scores', 'Copy the table as CSV', 'Mod+C'),
  'training.copyConfig': define('Edit', 'training', 'Copy the corrected configuration', 'Mod+C'),
  'causes.diagnose': define('Edit', 'project', 'Look for causes again'),
  'causes.repair': define('Edit', 'causes', 'Repair: make a run with it applied', 'R'),
  'causes.accept': define('Edit', 'causes', 'Accept: not a problem here', 'A'),
  'fixes.find': define('Edit', 'fixes', 'Make the fix queue again', 'R'),
  'data.again': define('Edit', 'data', 'Look at the data again', 'R'),
  'data.copyTable': define('Edit', 'data', 'Copy the numbers of the data as CSV', 'Mod+C'),
  'app.settings': define('Edit', 'everywhere', 'Settings', 'Mod+,'),

  'view.causes': define('View', 'project', 'Causes', 'Mod+1'),
  'view.fixes': define('View', 'project', 'Fix queue', 'Mod+8'),
  'view.failures': define('View', 'project', 'Failures', 'Mod+2'),
  'view.images': define('View', 'project', 'Images', 'Mod+3'),
  'view.metrics': define('View', 'project', 'Metrics', 'Mod+4'),
  'view.compare': define('View', 'project', 'Compare', 'Mod+5'),
  'view.data': define('View', 'project', 'Data', 'Mod+6'),
  'view.training': define('View', 'project', 'Training', 'Mod+7'),
  'view.toggleInspector': define('View', 'project', 'Show or hide the inspector', 'Mod+I'),
  'view.toggleFilters': define('View', 'gallery', 'Show or hide the filters', 'Mod+B'),
  'view.saveView': define('View', 'gallery', 'Save this view'),
  'view.clearFilters': define('View', 'gallery', 'Clear all filters'),
  'view.galleryKind': define('View', 'gallery', 'Tiles: failures or images', 'G'),
  'view.tilesSmaller': define('View', 'gallery', 'Smaller tiles', '-'),
  'view.tilesLarger': define('View', 'gallery', 'Larger tiles', '='),
  'view.groundTruth': define('View', 'image', 'Show or hide ground truth', 'G'),
  'view.predictions': define('View', 'image', 'Show or hide predictions', 'P'),
  'model.eye': define('View', 'image', 'What the model sees', 'M'),
  'model.change': define('View', 'image', 'Run the model again with a change', 'Shift+M'),
  'view.fit': define('View', 'image', 'Fit the image', 'F'),
  'view.zoomToSelection': define('View', 'image', 'Zoom to the selection', 'Z'),
  'view.actualSize': define('View', 'image', 'Actual size', 'Mod+0'),
  'view.zoomIn': define('View', 'image', 'Zoom in', 'Mod+='),
  'view.zoomOut': define('View', 'image', 'Zoom out', 'Mod+-'),
  'scores.protocols': define('View', 'scores', 'Choose the protocols side by side', 'O'),
  'scores.part': define('View', 'scores', 'Score a part of the set', 'R'),
  'scores.wholeSet': define('View', 'scores', 'Score the whole set', 'Shift+R'),
  'scores.confidenceDown': define('View', 'scores', 'Lower the confidence threshold', '['),
  'scores.confidenceUp': define('View', 'scores', 'Raise the confidence threshold', ']'),
  'compare.swap': define('View', 'compare', 'Exchange the two runs', 'S'),
  'compare.blink': define('View', 'compare', 'Blink the two runs', 'B'),
  'training.scale': define('View', 'training', 'Loss on a linear or logarithmic scale', 'L'),
  'fixes.whole': define('View', 'fixes', 'Whole image or close-up', 'F'),
  'view.keepZoom': define('View', 'image', 'Keep the zoom between images, or not'),
  'view.appearance': define('View', 'everywhere', 'Appearance: light, dark or system'),
  'view.fullScreen': define('View', 'everywhere', 'Full screen', 'F11'),

  'go.palette': define('Go', 'everywhere', 'Command palette', 'Mod+K'),
  'go.findImage': define('Go', 'project', 'Find an image by name', 'Mod+F'),
  'go.back': define('Go', 'image', 'Back to the gallery', 'Backspace'),
  'go.open': define('Go', 'gallery', 'Open', 'E'),
  'go.nextImage': define('Go', 'image', 'Next image', 'ArrowRight', 'D'),
  'go.previousImage': define('Go', 'image', 'Previous image', 'ArrowLeft', 'A'),
  'go.nextFailure': define('Go', 'image', 'Next failure', 'Shift+ArrowRight'),
  'go.previousFailure': define('Go', 'image', 'Previous failure', 'Shift+ArrowLeft'),
  'go.nextBox': define('Go', 'image', 'Next box', 'J'),
  'go.previousBox': define('Go', 'image', 'Previous box', 'K'),
  'compare.next': define('Go', 'compare', 'Next changed annotation', 'J', 'ArrowRight'),
  'compare.previous': define('Go', 'compare', 'Previous changed annotation', 'K', 'ArrowLeft'),
  'compare.open': define('Go', 'compare', 'Fix the label of the changed annotation', 'E'),
  'training.nextEvaluation': define('Go', 'training', 'Next evaluation', 'ArrowRight'),
  'training.previousEvaluation': define('Go', 'training', 'Previous evaluation', 'ArrowLeft'),
  'causes.next': define('Go', 'causes', 'Next cause', 'ArrowDown'),
  'causes.previous': define('Go', 'causes', 'Previous cause', 'ArrowUp'),
  'causes.images': define('Go', 'causes', 'Open the images that show it', 'E'),
  'causes.nextClass': define('Go', 'causes', 'The bill of the next class', 'C'),
  'causes.fix': define('Go', 'causes', 'Go through the fix queue', 'F'),
  'fixes.next': define('Go', 'fixes', 'Next suspect', 'J', 'ArrowDown', 'ArrowRight'),
  'fixes.previous': define('Go', 'fixes', 'Previous suspect', 'K', 'ArrowUp', 'ArrowLeft'),
  'fixes.open': define('Go', 'fixes', 'Open the image of the suspect', 'E'),
  'data.next': define('Go', 'data', 'Next difference', 'ArrowDown'),
  'data.previous': define('Go', 'data', 'Previous difference', 'ArrowUp'),
  'data.images': define('Go', 'data', 'Open the images that show the difference', 'E'),
  'go.nextPane': define('Go', 'everywhere', 'Next pane', 'F6'),
  'image.copyPath': define('Go', 'project', 'Copy the path of the image', 'Mod+Shift+C'),
  'image.reveal': define('Go', 'project', 'Show the image in its folder'),

  'box.select': define('Box', 'image', 'Select tool', 'V'),
  'box.draw': define('Box', 'image', 'Draw a box', 'W'),
  'box.accept': define('Box', 'project', 'Accept the prediction as ground truth', 'Enter'),
  'box.replace': define('Box', 'image', 'Replace the ground truth by the prediction', 'Shift+Enter'),
  'box.delete': define('Box', 'image', 'Delete the box', 'Delete'),
  'box.duplicate': define('Box', 'image', 'Duplicate the box', 'Mod+D'),
  'box.copyPrevious': define('Box', 'image', 'Copy the boxes of the previous image', 'Mod+Shift+V'),
  'box.pickClass': define('Box', 'project', 'Set the class', '0'),
  'box.class1': define('Box', 'image', 'Class 1', '1'),
  'box.class2': define('Box', 'image', 'Class 2', '2'),
  'box.class3': define('Box', 'image', 'Class 3', '3'),
  'box.class4': define('Box', 'image', 'Class 4', '4'),
  'box.class5': define('Box', 'image', 'Class 5', '5'),
  'box.class6': define('Box', 'image', 'Class 6', '6'),
  'box.class7': define('Box', 'image', 'Class 7', '7'),
  'box.class8': define('Box', 'image', 'Class 8', '8'),
  'box.class9': define('Box', 'image', 'Class 9', '9'),
  'box.difficult': define('Box', 'image', 'Mark as difficult', 'Mod+Shift+D'),
  'box.crowd': define('Box', 'image', 'Mark as crowd', 'Mod+Shift+G'),
  'fixes.accept': define('Box', 'fixes', 'Accept: mend the suspect label', 'A'),
  'review.dismiss': define('Box', 'project', 'Dismiss: the label is right, the model is wrong', 'X'),
  'review.clear': define('Box', 'project', 'Clear the review status', 'U'),
  'review.done': define('Box', 'image', 'Mark the image as reviewed', 'Space'),
  'review.note': define('Box', 'image', 'Write a note', 'N'),

  'help.shortcuts': define('Help', 'everywhere', 'All keys', '?', 'F1'),
  'help.about': define('Help', 'everywhere', 'About Reticle'),
} as const satisfies Record<string, ActionDefinition>;

export type ActionId = keyof typeof ACTIONS;
