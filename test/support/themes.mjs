/** The colours of VS Code's default themes that the timeline uses, as the workbench gives them to a webview. */

/** Name, dark, light, high contrast; `-` where the theme leaves it out. */
const COLOURS = `
foreground                             #cccccc                  #3b3b3b                  #ffffff
descriptionForeground                  #9d9d9d                  #3b3b3b                  #ffffff
errorForeground                        #f85149                  #f85149                  #f48771
icon-foreground                        #cccccc                  #3b3b3b                  #ffffff
focusBorder                            #0078d4                  #005fb8                  #f38518
textLink-foreground                    #4daafc                  #005fb8                  #21a6ff
textCodeBlock-background               #2b2b2b                  #f8f8f8                  #000000
editor-background                      #1f1f1f                  #ffffff                  #000000
editor-foreground                      #cccccc                  #3b3b3b                  #ffffff
editorWidget-background                #202020                  #f8f8f8                  #0c141f
editorWidget-border                    #313131                  #e5e5e5                  #6fc3df
editorWarning-foreground               #cca700                  #bf8803                  #ffd370
panel-border                           #2b2b2b                  #e5e5e5                  #6fc3df
testing-iconPassed                     #73c991                  #73c991                  #73c991
scrollbarSlider-background             rgba(121,121,121,0.4)    rgba(100,100,100,0.4)    rgba(111,195,223,0.6)
button-background                      #0078d4                  #005fb8                  #000000
button-foreground                      #ffffff                  #ffffff                  #ffffff
button-hoverBackground                 #026ec1                  #0258a8                  #000000
button-secondaryBackground             #313131                  #e5e5e5                  #000000
button-secondaryForeground             #cccccc                  #3b3b3b                  #ffffff
button-secondaryHoverBackground        #3c3c3c                  #cccccc                  #000000
button-border                          rgba(255,255,255,0.07)   rgba(0,0,0,0.1)          #6fc3df
input-background                       #313131                  #ffffff                  #000000
input-foreground                       #cccccc                  #3b3b3b                  #ffffff
input-placeholderForeground            #989898                  #767676                  #ffffff
settings-textInputBorder               #3c3c3c                  #cecece                  #6fc3df
checkbox-background                    #313131                  #f8f8f8                  #000000
checkbox-border                        #3c3c3c                  #cecece                  #6fc3df
checkbox-foreground                    #cccccc                  #3b3b3b                  #ffffff
progressBar-background                 #0078d4                  #005fb8                  #6fc3df
list-hoverBackground                   #2a2d2e                  #f2f2f2                  -
list-inactiveSelectionBackground       #37373d                  #e4e6f1                  -
list-activeSelectionBackground         #04395e                  #e8e8e8                  -
list-activeSelectionForeground         #ffffff                  #000000                  #ffffff
list-focusOutline                      #0078d4                  #005fb8                  #f38518
gitDecoration-addedResourceForeground     #81b88b                  #587c0c                  #a1e3ad
gitDecoration-modifiedResourceForeground  #e2c08d                  #895503                  #e2c08d
gitDecoration-deletedResourceForeground   #c74e39                  #ad0707                  #c74e39
diffEditor-insertedTextBorder             -                        -                        #33ff2e
diffEditor-removedTextBorder              -                        -                        #ff008f
diffEditor-insertedLineBackground      rgba(155,185,85,0.2)     rgba(155,185,85,0.2)     -
diffEditor-removedLineBackground       rgba(255,0,0,0.2)        rgba(255,0,0,0.2)        -
contrastBorder                         -                        -                        #6fc3df
contrastActiveBorder                   -                        -                        #f38518
sideBar-background                     #181818                  #f8f8f8                  #000000
sideBarSectionHeader-foreground        #cccccc                  #3b3b3b                  #ffffff
dropdown-border                        #3c3c3c                  #cecece                  #6fc3df
dropdown-background                    #313131                  #ffffff                  #000000
`;

const TYPE = `--vscode-font-family: system-ui, "Ubuntu", "Droid Sans", sans-serif; --vscode-font-size: 13px; --vscode-font-weight: normal;
--vscode-editor-font-family: "DejaVu Sans Mono", monospace; --vscode-editor-font-size: 12px;`;

const rows = COLOURS.trim()
  .split('\n')
  .map((row) => row.split(/\s+/));

function sheetOf(column) {
  const colours = rows.filter((row) => row[column] !== '-').map((row) => `--vscode-${row[0]}: ${row[column]};`);
  return `:root { ${TYPE} ${colours.join(' ')} }`;
}

export const THEMES = { dark: sheetOf(1), light: sheetOf(2), contrast: sheetOf(3) };
