package team.lib

default is_permitted := true
