kubectl label node node02 shelf=gpu
