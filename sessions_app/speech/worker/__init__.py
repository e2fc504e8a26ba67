"""The speech worker: takes sound of many sessions over connections of nodes, and answers with words."""
