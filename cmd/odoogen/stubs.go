package main

import "github.com/spf13/cobra"

func newGenerate() *cobra.Command { return &cobra.Command{Use: "generate"} }
func newDemo() *cobra.Command     { return &cobra.Command{Use: "demo"} }
