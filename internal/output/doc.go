// Package output writes the files of the command: a file as a whole or not at all, and several files all together or none.
//
// file.go writes one file and decides what is replaced and what is written to. set.go writes several and keeps a journal
// beside them; undo.go puts back what a killed run left half done; staging.go is the folder that both work in.
package output
